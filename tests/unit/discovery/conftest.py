"""An index in one folder, and projects in it that say what they are."""

import pytest
from django.core.files.storage import storages

from packages_app.accounts.entries import Principal
from packages_app.catalogue.entries import File
from packages_app.discovery.documents import kept
from tests.factories import make_wheel, metadata
from tests.homes import in_folder, upload

ANA = Principal(name="ana")


@pytest.fixture(autouse=True)
def _own_index(settings, tmp_path):
    in_folder(settings, tmp_path)
    kept.__init__()
    yield
    storages._storages.clear()


def said(name: str, version: str, summary: str, keywords: str = "", body: str = "") -> bytes:
    """Return core metadata with this summary."""
    core = metadata(name, version, extra=f"Keywords: {keywords}" if keywords else "", body=body)
    return core.replace(b"Summary: A demo.", f"Summary: {summary}".encode())


def project(name: str, version: str = "1.0", summary: str = "A demo.", keywords: str = "") -> File:
    """Publish a wheel that says this of itself."""
    return upload(make_wheel(name, version, core=said(name, version, summary, keywords)))
