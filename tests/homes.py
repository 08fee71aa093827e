"""An index in one folder: the settings of it, and files published in it without a door."""

from pathlib import Path

from packages_app.accounts.entries import Principal
from packages_app.catalogue.entries import File
from packages_app.file_store.spool import spooled
from packages_app.uploads.candidate import Candidate, Claims, hashed
from packages_app.uploads.publish import publish


def in_folder(settings, folder: Path, **options) -> None:
    """Let this folder be the index's home, empty at first, with these options."""
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": folder, **options}
    store = {"location": folder / "files", "incoming": folder / "incoming"}
    backend = {"BACKEND": "packages_app.file_store.local.DurableStorage", "OPTIONS": store}
    settings.STORAGES = {**settings.STORAGES, "packages": backend}


def upload(made: tuple[str, bytes], **claims: str) -> File:
    """Publish a file as a door does."""
    filename, data = made
    hasher = hashed([data])
    with spooled() as spool:
        spool.file.write(data)
        spool.file.flush()
        candidate = Candidate(
            filename=filename,
            path=spool.path,
            size=hasher.size,
            digests=hasher.digests(),
            principal=Principal(name="ana"),
            source="test",
            claims=Claims(**claims),
        )
        return publish(candidate).file
