import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from packages_app.catalogue import descriptions, read, write
from packages_app.catalogue.entries import Change, Project, Status
from packages_app.discovery import describe as step
from packages_app.discovery import index
from packages_app.discovery.describe import describe, is_current
from packages_app.discovery.search import search
from packages_app.maintenance.delete import delete_file, delete_project
from packages_app.maintenance.yank import unyank, yank
from packages_app.tables.errors import TableUnavailable
from tests.factories import make_sdist, make_wheel
from tests.homes import upload
from tests.unit.discovery.conftest import ANA, project, said

CHANGE = Change(actor="ana")


def demo() -> Project:
    return read.project("demo")


def shown() -> tuple[str, str]:
    return demo().described.latest, demo().described.summary


def find(query: str) -> list[str]:
    return [found.name for found in search(query, lambda _: True).projects]


def test_a_project_is_described_by_its_latest_final_release():
    project("demo", "1.0", "First.", "one,two")
    project("demo", "2.0", "Second.", "two, three words")
    project("demo", "1.5", "Late fix.")
    project("demo", "3.0a1", "Not yet.")
    found = demo()
    assert (found.described.latest, found.described.summary) == ("2.0", "Second.")
    assert found.described.keywords == ("two", "three words")
    assert found.described.updated == max(file.upload_time for file in read.files("demo"))
    assert (is_current(found), found.pending) == (True, frozenset())
    assert (find("second"), find("first")) == (["demo"], [])


def test_an_sdist_describes_too_and_a_wheel_has_precedence():
    upload(make_sdist(core=said("demo", "1.0", "From the sdist.")))
    assert shown() == ("1.0", "From the sdist.")
    upload(make_sdist(version="2.0", core=said("demo", "2.0", "Newer.")))
    assert shown() == ("2.0", "Newer.")


def test_describing_changes_no_serial():
    file = project("demo")
    serial = demo().serial
    write.set_yanked("demo", file.filename, yanked=True, change=CHANGE)
    yanked = demo().serial
    describe("demo")
    assert serial < yanked == demo().serial


def test_a_yanked_release_is_not_the_latest_and_back_again():
    project("demo", "1.0", "First.")
    newest = project("demo", "2.0", "Second.")
    yank("demo", newest.filename, "", ANA, source="api")
    assert shown() == ("1.0", "First.")
    unyank("demo", newest.filename, ANA, source="api")
    assert shown() == ("2.0", "Second.")


def test_what_is_all_yanked_has_no_latest_until_something_newer_or_older_comes():
    file = project("demo", "2.0", "Second.")
    yank("demo", file.filename, "", ANA, source="api")
    assert shown() == ("", "Second.")
    project("demo", "1.0", "First.")
    assert shown() == ("1.0", "First.")


def test_a_deleted_release_is_not_the_latest_and_an_empty_project_has_none():
    project("demo", "1.0", "First.")
    newest = project("demo", "2.0", "Second.")
    delete_file("demo", newest.filename, ANA, source="api")
    assert shown() == ("1.0", "First.")
    delete_file("demo", "demo-1.0-py3-none-any.whl", ANA, source="api")
    assert (shown(), find("demo"), find("first")) == (("", ""), ["demo"], [])


def test_a_deleted_project_is_not_found_and_leaves_no_rows():
    project("demo", "1.0", "First.")
    delete_project("demo", ANA, source="api")
    assert find("first") == []
    assert list(index.WordRow.query("W#main#fi")) == []
    project("demo", "2.0", "Second.")
    assert (find("second"), find("demo"), find("first")) == (["demo"], ["demo"], [])


def test_texts_of_any_length_are_shortened():
    project("demo", "1.0", "x" * 9999, ",".join(f"{'k' * 99}{number}" for number in range(99)))
    described = demo().described
    assert (len(described.summary), described.summary[-1]) == (512, "…")
    assert len(described.keywords) == 1


def test_a_step_that_was_cut_off_is_taken_up_by_the_next_change(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(step, "describe", lambda *_: None)
        project("demo", "2.0", "Second.")
    assert (is_current(demo()), shown()) == (False, ("", ""))
    project("demo", "1.0", "First.")
    assert (is_current(demo()), shown()) == (True, ("2.0", "Second."))


def test_a_change_stands_when_it_cannot_be_described(monkeypatch, caplog):
    def unavailable(*_: object) -> None:
        raise TableUnavailable("busy")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(descriptions, "describe", unavailable)
        project("demo", "1.0", "First.")
    assert len(read.files("demo")) == 1
    assert "out of date" in caplog.text
    describe("demo")
    assert shown() == ("1.0", "First.")


def test_who_describes_what_changed_meanwhile_looks_again(monkeypatch):
    project("demo", "1.0", "First.")
    file = project("demo", "2.0", "Second.")
    write.set_yanked("demo", file.filename, yanked=True, change=CHANGE)
    real, late = descriptions.describe, []

    def slow(*args) -> bool:
        if not late:
            late.append(write.set_yanked("demo", file.filename, yanked=False, change=CHANGE))
        return real(*args)

    monkeypatch.setattr(descriptions, "describe", slow)
    describe("demo")
    assert shown() == ("2.0", "Second.")


@pytest.mark.parametrize("killed", ["begin_indexing", "end_indexing"])
def test_words_of_an_index_that_was_cut_off_are_all_known_and_cleared_away(monkeypatch, killed):
    project("demo", "1.0", "First.")

    def dies(*_: object) -> None:
        raise TableUnavailable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(descriptions, killed, dies)
        project("demo", "2.0", "Second.")
    project("demo", "3.0", "Third.")
    assert is_current(demo())
    assert [find(query) for query in ("first", "second", "third")] == [[], [], ["demo"]]
    assert list(index.WordRow.query("W#main#se")) == []


def test_two_who_index_at_once_leave_the_rows_of_one_state():
    project("demo", "1.0", "First.")
    seen = demo()
    one = replace(seen, described=replace(seen.described, summary="One."))
    assert descriptions.begin_indexing(one, "0demo 2first 2one")
    assert index.update(replace(seen, described=replace(seen.described, summary="Two."))) is False
    index.update(demo())
    assert is_current(demo())


def test_a_status_changes_nothing_of_it():
    project("demo")
    write.set_status("demo", Status.ARCHIVED, change=CHANGE)
    assert is_current(demo())


def test_a_file_of_the_latest_release_changes_only_the_time():
    project("demo", "1.0", "First.")
    before = demo().described
    upload(make_wheel("demo", "1.0", tag="cp311-cp311-any", core=said("demo", "1.0", "Other.")))
    after = demo().described
    assert (after.summary, after.updated > before.updated) == ("First.", True)


def test_many_who_publish_at_once_leave_the_right_description():
    start = threading.Barrier(4)

    def send(batch: int) -> None:
        start.wait()
        for number in range(batch, 24, 4):
            project("demo", f"1.{number}", f"Release{number}.", f"word{number % 3}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert (is_current(demo()), shown()) == (True, ("1.23", "Release23."))
    assert [find(f"release{number}") for number in (22, 23)] == [[], ["demo"]]
    assert [word for word in words_kept("re") if word.startswith("release")] == ["release23"]
    assert words_kept("wo") == ["word2"]


def words_kept(prefix: str) -> list[str]:
    return [row.sk.partition("#")[0] for row in index.WordRow.query(f"W#main#{prefix}")]
