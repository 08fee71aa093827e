"""That a description, or words of the search, are kept only of the project as it was read."""

from datetime import UTC, datetime

import pytest

from packages_app.catalogue import descriptions, read, write
from packages_app.catalogue.entries import Change, Description
from tests.factories import listed_file

CHANGE = Change(actor="ana", source="test")
DESCRIPTION = Description(
    latest="1.0", summary="A demo.", keywords=("a", "b"), updated=datetime(2030, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
)


@pytest.fixture
def demo():
    write.publish(listed_file(), display_name="demo", change=CHANGE, fence="")
    return read.project("demo")


def another_file() -> None:
    file = listed_file(filename="demo-2.0-py3-none-any.whl", version="2.0")
    write.publish(file, display_name="demo", change=CHANGE, fence="")


def test_a_description_is_kept_and_its_note_goes_and_the_serial_stays(demo):
    assert demo.pending == {"1.0"}
    assert descriptions.describe(demo, DESCRIPTION)
    found = read.project("demo")
    assert (found.described, found.pending, found.serial) == (DESCRIPTION, frozenset(), demo.serial)


def test_a_description_of_a_project_that_changed_is_not_kept(demo):
    another_file()
    assert not descriptions.describe(demo, DESCRIPTION)
    assert (read.project("demo").described.latest, read.project("demo").pending) == ("", {"1.0", "2.0"})


def test_one_at_a_time_writes_words(demo):
    assert descriptions.begin_indexing(demo, "demo:1")
    assert not descriptions.begin_indexing(demo, "demo:2")
    assert not descriptions.end_indexing(demo, "demo:2", "demo:2")
    assert descriptions.end_indexing(demo, "demo:1", "demo:1")
    found = read.project("demo")
    assert (found.indexed, found.indexing) == ("demo:1", "")
    assert not descriptions.begin_indexing(demo, "demo:3")  # it was read before
    assert descriptions.begin_indexing(found, "demo:3")


def test_a_project_that_is_gone_gets_no_row_by_that(demo):
    assert not descriptions.begin_indexing(type(demo)(name="never", display_name="never", serial=1), "never:1")
    assert read.project("never") is None
