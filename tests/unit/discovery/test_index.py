"""That the search has rows for a project's words and no others, wherever somebody was killed."""

from packages_app.catalogue import descriptions, read, removal, write
from packages_app.catalogue.entries import Change, Description
from packages_app.discovery import index
from packages_app.discovery.search import rows_of
from packages_app.discovery.words import of_project, written
from tests.factories import listed_file

CHANGE = Change(actor="ana", source="test")


def described(*keywords: str):
    """Return the project as it is read after it was described so."""
    found = read.project("demo")
    if found is None:
        write.publish(listed_file(), display_name="demo", change=CHANGE, fence="")
        found = read.project("demo")
    description = Description(latest="1.0", summary="", keywords=keywords, updated=None)
    assert descriptions.describe(found, description)
    return read.project("demo")


def rows(*words: str) -> list[bool]:
    """Whether there is a row of each word."""
    return [any(rows_of(word, "", 9)) for word in words]


def test_words_come_and_go():
    assert index.update(described("alpha", "beta"))
    assert rows("demo", "alpha", "beta", "gamma") == [True, True, True, False]
    assert index.update(described("beta", "gamma"))
    assert rows("demo", "alpha", "beta", "gamma") == [True, False, True, True]
    assert index.is_current(read.project("demo"))


def test_a_project_of_which_somebody_began_to_write_words_is_not_current():
    index.update(described("alpha"))
    found = read.project("demo")
    assert descriptions.begin_indexing(found, written(of_project(found)))
    assert not index.is_current(read.project("demo"))


def test_rows_of_somebody_who_was_killed_go():
    found = described("alpha")
    assert descriptions.begin_indexing(found, "1alpha 1killed")
    index.write("demo", put={"killed": 1}, remove=())
    assert rows("killed") == [True]
    assert index.update(described("alpha"))
    assert rows("alpha", "killed") == [True, False]


def test_who_was_overtaken_leaves_the_rest_to_the_other():
    found = described("alpha")
    assert descriptions.begin_indexing(found, "1other")
    assert not index.update(found)
    assert rows("demo", "alpha") == [False, False]


def test_rows_of_a_deleted_project_go_but_for_those_of_a_new_one():
    index.update(described("alpha", "beta"))
    removal.delete_files([listed_file()], CHANGE, action="file.delete", target="x")
    found = read.project("demo")
    removal.delete_project(found, CHANGE, before={}, expected_serial=found.serial)
    index.update(described("beta"))
    index.remove("demo")
    assert rows("demo", "alpha", "beta") == [True, False, True]
    assert removal.indexed_words("demo") == ""
    index.remove("demo")
    assert rows("beta") == [True]
