"""What a command is about, as it is typed."""

import pytest
from django.core.management import CommandError

from packages_app.catalogue import write
from packages_app.catalogue.entries import Change
from packages_app.catalogue.errors import NoSuchEntry
from packages_app.management.target import read
from packages_app.names import BadName
from tests.factories import listed_file

FILE = listed_file()


@pytest.fixture(autouse=True)
def _demo(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}
    write.publish(FILE, display_name="demo", change=Change(actor="ana"), fence="")


@pytest.mark.parametrize(
    ("typed", "whole", "said", "confirmed"),
    [
        pytest.param((FILE.filename, ""), False, f"the file {FILE.filename}", FILE.filename, id="a file"),
        pytest.param(("De_Mo", "1.0"), False, "the release 1.0 of de-mo", "de-mo 1.0", id="a release"),
        pytest.param(("Demo", ""), True, "the whole project demo", "demo", id="a project"),
    ],
)
def test_a_target_is_said_and_confirmed(typed, whole, said, confirmed):
    found = read(*typed, whole_projects=whole)
    assert (found.said, found.typed) == (said, confirmed)


def test_a_file_names_its_project():
    assert read(FILE.filename, "").project == "demo"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        pytest.param((FILE.filename, "1.0"), CommandError, id="a file and a version"),
        pytest.param(("demo", ""), CommandError, id="a project where a version is needed"),
        pytest.param(("gone-1.0.tar.gz", ""), NoSuchEntry, id="a file that nobody lists"),
        pytest.param(("de mo", "1.0"), BadName, id="no name"),
    ],
)
def test_what_names_nothing_is_refused(typed, error):
    with pytest.raises(error):
        read(*typed)
