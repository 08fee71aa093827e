"""Files that are fetched after their request: a marker stays while there is something to fetch, and is not believed."""

import hashlib
from datetime import timedelta

import pytest

from packages_app.file_store import keys, write
from packages_app.file_store import read as stored
from packages_app.upstream import aside, files, kept_files
from packages_app.upstream.aside import Result
from packages_app.upstream.entries import KeptFile, UpstreamFile, UpstreamPage, Wanted
from packages_app.upstream.errors import SourceFailed
from tests.fakes.sources import FakeSource

DATA, URL, NAME = b"some bytes", "https://files.example/f", "demo-1.0.tar.gz"
SHA = hashlib.sha256(DATA).hexdigest()
MARKER = keys.upstream_work(SHA, NAME)
FILE = UpstreamFile(filename=NAME, url=URL, hashes=(("sha256", SHA),), size=len(DATA), version="1.0", filetype="sdist")


@pytest.fixture
def source(sourced, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "background": True}
    made = FakeSource(UpstreamPage(name="demo", files=(FILE,)))
    made.files = {URL: DATA}
    sourced(made)
    return made


@pytest.fixture
def marker(source) -> None:
    aside.put(wanted())
    assert left() == [MARKER]


def wanted() -> Wanted:
    return files.locate(SHA, NAME, lambda _: True)


def left() -> list[str]:
    return list(aside.left(timedelta(0)))


def test_a_marker_is_put_once_in_some_minutes(source, marker):
    write.remove(MARKER)
    aside.put(wanted())
    assert left() == []


def test_where_no_events_do_such_work_there_is_no_marker(source, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "background": False}
    aside.put(wanted())
    assert left() == []


def test_a_marker_is_left_when_it_is_as_old_as_asked(marker):
    assert list(aside.left(timedelta(hours=1))) == []


def test_the_file_is_fetched_once_and_its_marker_goes(source, marker):
    assert aside.carry_out(MARKER) is Result.DONE
    assert isinstance(wanted(), KeptFile)
    assert aside.carry_out(MARKER) is Result.NOTHING  # the event came twice
    assert (left(), source.fetched) == ([], 1)


def test_bytes_that_are_kept_under_another_name_are_not_fetched(source, marker):
    write.put_bytes(keys.upstream_file(SHA), DATA)
    assert aside.carry_out(MARKER) is Result.NOTHING
    assert (left(), source.fetched) == ([], 0)


def test_a_marker_stays_while_somebody_else_fetches(source, marker, monkeypatch):
    monkeypatch.setattr(aside.keep, "PATIENCE", 0.0)
    assert kept_files.lease(wanted())
    assert aside.carry_out(MARKER) is Result.LEFT
    assert (left(), source.fetched) == ([MARKER], 0)


def test_a_marker_stays_while_the_upstream_does_not_answer(source, marker):
    source.down = True
    with pytest.raises(SourceFailed):
        aside.carry_out(MARKER)
    assert left() == [MARKER]
    source.down = False
    assert aside.carry_out(MARKER) is Result.DONE


def test_other_bytes_than_announced_are_not_tried_again(source, marker):
    source.files = {URL: b"evil bytes"}
    assert aside.carry_out(MARKER) is Result.NOTHING
    assert (left(), list(stored.walk("upstream/files"))) == ([], [])


def test_what_a_policy_hides_is_not_fetched_whatever_a_marker_says(source, marker, configure):
    configure(policy='[{"deny": ["demo"]}]')
    assert aside.carry_out(MARKER) is Result.NOTHING
    assert (left(), source.fetched) == ([], 0)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(keys.upstream_work("b" * 64, NAME), id="bytes that nobody announced"),
        pytest.param(keys.upstream_work(SHA, "other-1.0.tar.gz"), id="a file of a project that nobody has"),
        pytest.param(f"{keys.WORK}/{keys.UPSTREAM}/nonsense", id="no marker"),
    ],
)
def test_nothing_in_a_marker_is_believed(source, key):
    write.put_bytes(key, b"https://evil.example/f")
    assert aside.carry_out(key) is Result.NOTHING
    assert source.fetched == 0
