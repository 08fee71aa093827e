"""Who may fetch a file now, and for how long wrong bytes are remembered, whatever clocks do."""

import time

import pytest

from packages_app.upstream import kept_files
from packages_app.upstream.entries import UpstreamFile, Wanted
from packages_app.upstream.errors import NotAsAnnounced

WANTED = Wanted(
    project="demo",
    file=UpstreamFile(filename="demo-1.0.tar.gz", url="https://files.example/f", hashes=(("sha256", "a" * 64),)),
    source="https://upstream.example/simple/",
)


def later(monkeypatch, seconds: float) -> None:
    """Let this process's clock be so many seconds ahead."""
    monkeypatch.setattr(kept_files, "now", lambda: time.time_ns() // 1000 + int(seconds * 1_000_000))


def test_one_fetches_and_gives_that_back():
    token = kept_files.lease(WANTED)
    assert token is not None
    assert kept_files.lease(WANTED) is None
    kept_files.release(WANTED, "another")
    assert kept_files.lease(WANTED) is None
    kept_files.release(WANTED, token)
    assert kept_files.lease(WANTED) is not None


@pytest.mark.parametrize(
    ("step", "free"),
    [
        pytest.param(-7200, True, id="a clock far behind"),
        pytest.param(-30, False, id="a clock a little behind"),
        pytest.param(30, False, id="a clock a little ahead"),
        pytest.param(kept_files.LEASE_SECONDS + 1, True, id="after its time"),
    ],
)
def test_a_lease_counts_for_its_time_and_for_no_clock_that_stepped(monkeypatch, step, free):
    assert kept_files.lease(WANTED) is not None
    later(monkeypatch, step)
    assert (kept_files.lease(WANTED) is not None) is free


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        pytest.param(-7200, True, id="a clock far behind"),
        pytest.param(30, False, id="a moment later"),
        pytest.param(kept_files.LEASE_SECONDS + 1, True, id="after its time"),
    ],
)
def test_a_file_is_asked_for_once_in_some_minutes(monkeypatch, step, asked):
    assert kept_files.first_to_ask(WANTED)
    later(monkeypatch, step)
    assert kept_files.first_to_ask(WANTED) is asked


def test_other_bytes_are_remembered_for_some_minutes_and_not_by_a_clock_that_stepped_back(monkeypatch):
    with pytest.raises(NotAsAnnounced):
        kept_files.refuse(WANTED, "b" * 64)
    with pytest.raises(NotAsAnnounced):
        kept_files.is_kept(WANTED)
    for step in (-7200, kept_files.REFUSED_SECONDS + 1):
        later(monkeypatch, step)
        assert kept_files.is_kept(WANTED) is None


def test_a_kept_file_needs_no_lease():
    kept_files.put_down(WANTED, 7)
    assert kept_files.is_kept(WANTED).size == 7
    assert kept_files.lease(WANTED) is None
    assert not kept_files.first_to_ask(WANTED)
