import time
from collections import Counter

import pytest

from packages_app.catalogue.models import (
    FileRow,
    ListingRow,
    ProjectRow,
    file_key,
    partition,
    shard,
)
from packages_app.tables.base import connection
from tests.homes import in_folder


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    in_folder(settings, tmp_path)


@pytest.fixture
def requests(monkeypatch) -> Counter:
    """Every request to the table, counted by its operation, from when the fixture is asked for."""
    counted: Counter = Counter()
    made = connection()
    real = made._make_api_call

    def noted(operation, *args):
        counted[operation] += 1
        return real(operation, *args)

    monkeypatch.setattr(made, "_make_api_call", noted)
    return counted


def many_projects(count: int) -> list[str]:
    """Write projects with one file each, in bulk, and return their names in order."""
    names = [f"project-{number:06}" for number in range(count)]
    serial = time.time_ns() // 1000
    with ProjectRow.batch_write() as rows, ListingRow.batch_write() as listed, FileRow.batch_write() as files:
        for name in names:
            filename = f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
            key = partition("main", name)
            rows.save(ProjectRow(key, "#", display_name=name, serial=serial))
            listed.save(ListingRow(shard("main", name), name, serial=serial))
            files.save(
                FileRow(
                    key,
                    file_key(filename),
                    version="1.0",
                    filetype="bdist_wheel",
                    size=100,
                    sha256="a" * 64,
                    uploaded_at=serial,
                )
            )
    return names
