"""Catalogue entries as pages are built from."""

import hashlib
from datetime import UTC, datetime

import pytest

from packages_app.catalogue.entries import File, Project


@pytest.fixture
def make_project():
    def make(name: str = "demo", **fields) -> Project:
        return Project(**{"name": name, "display_name": name, "serial": 1763900000000000, **fields})

    return make


@pytest.fixture
def make_file():
    def make(filename: str = "demo-1.0-py3-none-any.whl", **fields) -> File:
        given = {
            "project": "demo",
            "filename": filename,
            "version": filename.removesuffix(".tar.gz").split("-")[1],
            "filetype": "bdist_wheel" if filename.endswith(".whl") else "sdist",
            "size": 1234,
            "sha256": hashlib.sha256(filename.encode()).hexdigest(),
            "blake2_256": "",
            "upload_time": datetime(2026, 11, 22, 10, 0, 0, 42, tzinfo=UTC),
            "uploader": "ana",
        }
        return File(**{**given, **fields})

    return make
