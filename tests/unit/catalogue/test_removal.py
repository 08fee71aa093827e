"""That what is deleted goes as a whole, and only in the state in which somebody looked at it."""

from dataclasses import replace

import pytest
from pynamodb.exceptions import TransactWriteError

from packages_app.catalogue import read, removal, write
from packages_app.catalogue.descriptions import begin_indexing
from packages_app.catalogue.entries import Change
from packages_app.catalogue.errors import FileChanged, ProjectChanged
from tests.factories import listed_file

CHANGE = Change(actor="ana", source="test")
WHEEL = listed_file()
SDIST = listed_file(filename="demo-1.0.tar.gz", filetype="sdist", sha256="d" * 64)


@pytest.fixture
def demo():
    for file in (WHEEL, SDIST):
        write.publish(file, display_name="demo", change=CHANGE, fence="")


def delete(*files) -> int:
    return removal.delete_files(files, CHANGE, action="release.delete", target="1.0")


def emptied():
    """The project after its last file."""
    delete(WHEEL, SDIST)
    return read.project("demo")


@pytest.mark.parametrize(
    "changes",
    [pytest.param({"sha256": "e" * 64}, id="other bytes"), pytest.param({"filename": "demo-9.tar.gz"}, id="no file")],
)
def test_files_are_deleted_together_or_not_at_all(demo, changes):
    with pytest.raises(FileChanged):
        delete(WHEEL, replace(SDIST, **changes))
    assert (len(read.files("demo")), read.retired("demo")) == (2, ())


def test_names_of_deleted_files_stay_taken_and_their_bytes_are_retired(demo):
    delete(WHEEL, SDIST)
    assert read.files("demo") == ()
    assert [read.taken("demo", file.filename).deleted_sha256 for file in (WHEEL, SDIST)] == ["a" * 64, "d" * 64]
    assert {retired.sha256 for retired in read.retired("demo")} == {"a" * 64, "d" * 64}


def test_a_project_is_deleted_in_the_state_that_was_looked_at(demo):
    found = emptied()
    with pytest.raises(ProjectChanged):
        removal.delete_project(found, CHANGE, before={}, expected_serial=found.serial - 1)
    assert read.project("demo") is not None
    removal.delete_project(found, CHANGE, before={}, expected_serial=found.serial)
    assert (read.project("demo"), list(read.listed()), list(read.deleted())) == (None, [], ["demo"])


def test_a_project_is_not_deleted_while_somebody_writes_its_words(demo):
    found = emptied()
    assert begin_indexing(found, "demo:1")
    with pytest.raises(ProjectChanged):
        removal.delete_project(found, CHANGE, before={}, expected_serial=found.serial)


def test_words_of_a_deleted_project_are_known_until_they_are_forgotten(demo):
    begin_indexing(emptied(), "demo:1 gone:2")
    found = read.project("demo")
    removal.delete_project(found, CHANGE, before={}, expected_serial=found.serial)
    assert removal.indexed_words("demo") == "demo:1 gone:2"
    removal.forget_words("demo", "demo:1")  # somebody else's words
    assert removal.indexed_words("demo") == "demo:1 gone:2"
    removal.forget_words("demo", "demo:1 gone:2")
    assert removal.indexed_words("demo") == removal.indexed_words("never") == ""


@pytest.mark.parametrize(
    ("later", "left"),
    [
        pytest.param(0, ["demo"], id="what was deleted at that time or after it stays"),
        pytest.param(10**15, [], id="what was deleted before goes"),
    ],
)
def test_a_deleted_project_is_struck_from_the_list_unless_it_was_deleted_anew(demo, later, left):
    found = emptied()
    removal.delete_project(found, CHANGE, before={}, expected_serial=found.serial)
    removal.forget("demo", deleted_before=found.serial + later)
    assert list(read.deleted()) == left


def test_an_error_of_another_kind_is_not_told_as_a_change_by_somebody_else(demo):
    found = emptied()
    with pytest.raises(TransactWriteError):
        removal.delete_project(found, CHANGE, before={"x": "y" * 500_000}, expected_serial=found.serial)
    assert read.project("demo") is not None
