"""An index in one folder: the settings of it, and files published in it without a door."""

from pathlib import Path

from packages_app.accounts.entries import Principal
from packages_app.catalogue.entries import File
from packages_app.file_store.spool import spooled
from packages_app.uploads.candidate import Candidate, Claims, hashed
from packages_app.uploads.publish import publish

ANA = Principal(name="ana")


def in_folder(settings, folder: Path, **options) -> None:
    """Let this folder be the index's home, empty at first, with these options."""
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": folder, **options}
    store = {"location": folder / "files", "incoming": folder / "incoming"}
    backend = {"BACKEND": "packages_app.file_store.local.DurableStorage", "OPTIONS": store}
    settings.STORAGES = {**settings.STORAGES, "packages": backend}


def candidate(path: Path, made: tuple[str, bytes], principal: Principal = ANA, **claims) -> Candidate:
    """Return a file as a door hands it over, its bytes in ``path``."""
    filename, data = made
    path.write_bytes(data)
    hasher = hashed([data])
    return Candidate(
        filename=filename,
        path=path,
        size=hasher.size,
        digests=hasher.digests(),
        principal=principal,
        source="test",
        claims=Claims(**claims),
    )


def upload(made: tuple[str, bytes], **claims) -> File:
    """Publish a file as a door does."""
    with spooled() as spool:
        return publish(candidate(spool.path, made, **claims)).file
