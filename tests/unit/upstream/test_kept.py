"""Who may write what another index said, and what each answer leaves."""

import time

import pytest

from packages_app.upstream import kept
from packages_app.upstream.entries import Kept, Validators
from packages_app.upstream.models import PageRow

NAME = "https://upstream.example/simple/"
VALIDATORS = Validators(source=NAME, etag='"1"', last_modified="Wed, 25 Nov 2026 10:00:00 GMT")


def later(monkeypatch, seconds: float) -> None:
    """Let this process's clock be so many seconds ahead."""
    monkeypatch.setattr(kept, "now", lambda: time.time_ns() // 1000 + int(seconds * 1_000_000))


def fetched(body: str = "a", validators: Validators = VALIDATORS) -> Kept:
    known = kept.read("demo")
    token = kept.lease("demo", 5)
    assert kept.fetched(known, token, body=body, status="active", validators=validators)
    return kept.read("demo")


def expires() -> bool:
    return PageRow.get("C#main#demo", "#").expires is not None


@pytest.mark.parametrize(
    ("step", "free"),
    [
        pytest.param(-7200, True, id="a clock far behind"),
        pytest.param(-30, False, id="a clock a little behind"),
        pytest.param(4, False, id="within its time"),
        pytest.param(6, True, id="after its time"),
    ],
)
def test_a_lease_counts_for_its_time_and_for_no_clock_that_stepped(monkeypatch, step, free):
    assert kept.lease("demo", 5)
    later(monkeypatch, step)
    assert bool(kept.lease("demo", 5)) is free


def test_no_lease_lasts_longer_than_the_longest(monkeypatch):
    assert kept.lease("demo", 10**6)
    later(monkeypatch, kept.LONGEST_LEASE / 2)
    assert kept.lease("demo", 5) is None
    later(monkeypatch, kept.LONGEST_LEASE + 1)
    assert kept.lease("demo", 5)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(
            lambda known, token: kept.fetched(known, token, body="b", status="active", validators=VALIDATORS),
            id="a page",
        ),
        pytest.param(kept.unchanged, id="a confirmation"),
        pytest.param(kept.absent, id="an absence"),
        pytest.param(lambda known, token: kept.failed(known, token, "It failed.", 15), id="a failure"),
    ],
)
def test_who_lost_the_lease_writes_nothing(monkeypatch, write):
    before = fetched()
    token = kept.lease("demo", 5)
    later(monkeypatch, 6)
    other = kept.lease("demo", 5)
    assert not write(before, token)
    assert kept.read("demo") == before
    assert write(before, other)


def test_a_page_that_came_again_keeps_its_serial_and_another_has_a_higher_one():
    first = fetched("a")
    assert (first.seen, first.body, first.validators) == (True, "a", VALIDATORS)
    again, other = fetched("a", Validators(source=NAME)), fetched("b")
    assert (again.serial, again.validators) == (first.serial, Validators(source=NAME))
    assert other.serial > first.serial


def test_a_serial_rises_though_the_clock_fell_back(monkeypatch):
    first = fetched("a")
    later(monkeypatch, -3600)
    assert fetched("b").serial == first.serial + 1


def test_a_page_that_was_gone_and_came_back_has_a_higher_serial():
    first = fetched("a")
    assert kept.absent(first, kept.lease("demo", 5))
    gone = kept.read("demo")
    assert (gone.absent, gone.body, gone.validators, gone.seen) == (True, "", None, True)
    again = fetched("a")
    assert first.serial < gone.serial < again.serial
    assert not again.absent


@pytest.mark.parametrize("answer", ["absent", "failed"])
def test_what_is_kept_of_a_name_expires_unless_the_upstream_ever_had_it(answer):
    def write() -> None:
        known, token = kept.read("demo"), kept.lease("demo", 5)
        assert kept.absent(known, token) if answer == "absent" else kept.failed(known, token, "It failed.", 15)

    write()
    assert expires()
    fetched()
    assert not expires()
    write()
    assert not expires()


@pytest.mark.parametrize(("wait", "expected"), [(15, 15), (10**6, kept.LONGEST_RETRY)])
def test_a_failure_is_remembered_for_a_while_and_leaves_the_page(wait, expected):
    fetched("a")
    at = kept.now()
    assert kept.failed(kept.read("demo"), kept.lease("demo", 5), "x" * 1000, wait)
    known = kept.read("demo")
    assert (known.body, len(known.fault)) == ("a", kept.LONGEST_FAULT)
    assert 0 <= known.retry_at - at - expected * 1_000_000 < 5_000_000
    assert fetched("a").fault == ""
    assert kept.read("demo").retry_at == 0


def test_a_lost_page_is_forgotten_unless_another_came_in_between():
    first, second = fetched("a"), fetched("b")
    kept.lost(first)
    assert kept.read("demo") == second
    kept.lost(second)
    known = kept.read("demo")
    assert (known.body, known.validators, known.checked_at, known.seen) == ("", None, 0, True)
