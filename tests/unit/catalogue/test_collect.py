"""Who may remove bytes, while others may be publishing the same ones."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from packages_app.catalogue import collect, read, write
from packages_app.catalogue.collect import CLAIM_SECONDS
from packages_app.catalogue.entries import Change, Retired
from packages_app.catalogue.errors import Busy
from packages_app.catalogue.removal import delete_files
from tests.factories import listed_file

CHANGE = Change(actor="ana", source="test")
FILE = listed_file()
STRAY = Retired(
    project="demo",
    filename=FILE.filename,
    sha256=FILE.sha256,
    size=7,
    metadata_sha256="",
    metadata_size=0,
    retired_at=datetime.now(UTC),
)


def publish(fence: str = "") -> None:
    write.publish(FILE, display_name="demo", change=CHANGE, fence=fence)


def later(monkeypatch, seconds: float) -> None:
    """Let this process's clock be so many seconds ahead."""
    at = collect.now() + int(seconds * 1_000_000)
    monkeypatch.setattr(collect, "now", lambda: at)


@pytest.fixture
def retired() -> Retired:
    publish()
    delete_files([FILE], CHANGE, action="file.delete", target=FILE.filename)
    (found,) = read.retired("demo")
    return found


@pytest.mark.parametrize(
    ("ahead", "free"),
    [
        pytest.param(CLAIM_SECONDS - 1, False, id="a claim keeps others off"),
        pytest.param(CLAIM_SECONDS + 1, True, id="until its owner cannot be at it any more"),
    ],
)
def test_retired_bytes_are_claimed_by_one(retired, monkeypatch, ahead, free):
    assert collect.claim_retired(retired)
    later(monkeypatch, ahead)
    assert bool(collect.claim_retired(retired)) is free


@pytest.mark.parametrize(
    ("ahead", "free"),
    [
        pytest.param(CLAIM_SECONDS - 1, False, id="a claim keeps others off"),
        pytest.param(CLAIM_SECONDS + 1, True, id="until its owner cannot be at it any more"),
    ],
)
def test_unlisted_bytes_are_claimed_by_one(monkeypatch, ahead, free):
    assert collect.claim_unlisted([STRAY])
    later(monkeypatch, ahead)
    assert bool(collect.claim_unlisted([STRAY])) is free


def test_listed_bytes_are_claimed_by_nobody(retired):
    publish()
    assert collect.claim_retired(retired) == collect.claim_unlisted([STRAY]) == ""


def test_bytes_are_claimed_in_each_project_they_could_be_of_or_in_none():
    publish()
    elsewhere = replace(STRAY, project="demo-1")
    assert collect.claim_unlisted([elsewhere, STRAY]) == ""
    assert collect.claim_unlisted([elsewhere])


@pytest.mark.parametrize(
    ("ahead", "busy"),
    [
        pytest.param(0, True, id="while bytes are removed"),
        pytest.param(CLAIM_SECONDS + 1, False, id="and not after that"),
    ],
)
def test_who_publishes_is_told_to_try_again(monkeypatch, ahead, busy):
    token = collect.claim_unlisted([STRAY])
    later(monkeypatch, ahead)
    if busy:
        with pytest.raises(Busy):
            collect.fence(FILE)
        return
    assert collect.fence(FILE) == token


def test_who_asked_before_bytes_were_claimed_lists_nothing():
    fence = collect.fence(FILE)
    token = collect.claim_unlisted([STRAY])
    with pytest.raises(Busy):
        publish(fence)
    collect.finish(STRAY, "another")
    with pytest.raises(Busy):
        collect.fence(FILE)
    collect.finish(STRAY, token)
    publish(collect.fence(FILE))
    assert read.file("demo", FILE.filename) is not None


def test_saying_that_bytes_are_gone_makes_no_row_anew():
    collect.finish(STRAY, "token")
    assert collect.fence(FILE) == ""
