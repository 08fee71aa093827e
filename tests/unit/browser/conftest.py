"""Catalogue entries as pages are made from."""

import hashlib
from datetime import UTC, datetime

import pytest

from packages_app.catalogue.entries import File


@pytest.fixture
def make_file():
    def make(version: str = "1.0", *, sdist: bool = False, **fields) -> File:
        filename = f"demo-{version}.tar.gz" if sdist else f"demo-{version}-py3-none-any.whl"
        given = {
            "project": "demo",
            "filename": filename,
            "version": version,
            "filetype": "sdist" if sdist else "bdist_wheel",
            "size": 1234,
            "sha256": hashlib.sha256(filename.encode()).hexdigest(),
            "blake2_256": "",
            "upload_time": datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
            "uploader": "ana",
        }
        return File(**{**given, **fields})

    return make
