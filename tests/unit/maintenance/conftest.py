"""A catalogue with a project in it, in one folder."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from packages_app.accounts.entries import Principal
from packages_app.audit.entries import Event
from packages_app.audit.read import events
from packages_app.catalogue import collect, read, write
from packages_app.catalogue.entries import Change, File
from tests.factories import listed_file

ANA = Principal(name="ana", address="192.0.2.1")
NOBODY = Principal(name="")
CHANGE = Change(actor="ben", source="test")
FILE = listed_file()
SDIST = replace(FILE, filename="demo-1.0.tar.gz", filetype="sdist", sha256="d" * 64, metadata_sha256="")
NEXT = replace(FILE, filename="demo-2.0-py3-none-any.whl", version="2.0", sha256="e" * 64)


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}


@pytest.fixture
def demo():
    """A project with two files of 1.0 and one of 2.0."""
    for file in (FILE, SDIST, NEXT):
        listed(file)


def listed(file: File, **given) -> int:
    return write.publish(file, display_name="Demo", change=CHANGE, fence=collect.fence(file), **given)


def serial() -> int:
    return read.project("demo").serial


def trail(*actions: str) -> list[Event]:
    """Return the events of these kinds, newest first; all that were not made by a publication without any."""
    found = list(events(datetime.now(UTC).strftime("%Y-%m")))
    return [event for event in found if (event.action in actions if actions else event.action != "file.publish")]
