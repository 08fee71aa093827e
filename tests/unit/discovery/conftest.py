"""An index in one folder, and projects in it that say what they are."""

import pytest
from django.core.files.storage import storages

from packages_app.accounts.entries import Principal
from packages_app.catalogue.entries import File
from packages_app.discovery.documents import kept
from packages_app.file_store.spool import spooled
from packages_app.uploads.candidate import Candidate, hashed
from packages_app.uploads.publish import publish
from tests.factories import make_wheel, metadata

ANA = Principal(name="ana")


@pytest.fixture(autouse=True)
def _own_index(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    options = {"location": tmp_path / "files", "incoming": tmp_path / "incoming"}
    backend = {"BACKEND": "packages_app.file_store.local.DurableStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "packages": backend}
    kept.__init__()
    yield
    storages._storages.clear()


def upload(made: tuple[str, bytes]) -> File:
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
            principal=ANA,
            source="test",
        )
        return publish(candidate).file


def said(name: str, version: str, summary: str, keywords: str = "", body: str = "") -> bytes:
    """Return core metadata with this summary."""
    core = metadata(name, version, extra=f"Keywords: {keywords}" if keywords else "", body=body)
    return core.replace(b"Summary: A demo.", f"Summary: {summary}".encode())


def project(name: str, version: str = "1.0", summary: str = "A demo.", keywords: str = "") -> File:
    """Publish a wheel that says this of itself."""
    return upload(make_wheel(name, version, core=said(name, version, summary, keywords)))
