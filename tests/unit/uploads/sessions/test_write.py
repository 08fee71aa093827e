"""In which state of a session each change of it is made, and who has its release."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.uploads.sessions import read, write
from packages_app.uploads.sessions.entries import RETENTION, Session, Status
from tests.unit.uploads.sessions.conftest import ANA

STATES = [Status.OPEN, Status.PROCESSING, Status.PUBLISHED, Status.CANCELED]


def brought_to(session: Session, reached: Status) -> Session:
    if reached is Status.CANCELED:
        assert write.end(session, reached)
    elif reached is not Status.OPEN:
        assert write.claim(session)
    if reached is Status.PUBLISHED:
        assert write.end(session, reached)
    return now(session)


def now(session: Session) -> Session:
    return read.session(session.id, ANA)


@pytest.mark.parametrize("reached", STATES)
@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        pytest.param(write.claim, Status.OPEN, id="publishing it"),
        pytest.param(write.queue, Status.OPEN, id="letting it wait for that"),
        pytest.param(lambda session: write.extend(session, session.expires), Status.OPEN, id="letting it live longer"),
        pytest.param(lambda session: write.end(session, Status.CANCELED), Status.OPEN, id="canceling it"),
        pytest.param(
            lambda session: write.end(session, Status.PUBLISHED), Status.PROCESSING, id="saying it is published"
        ),
        pytest.param(write.reopen, Status.PROCESSING, id="opening it again"),
        pytest.param(write.let_go, Status.PROCESSING, id="letting it wait for the next"),
        pytest.param(write.revive, Status.PROCESSING, id="beginning anew"),
        pytest.param(
            lambda session: write.hold(session, timedelta(seconds=9), progress=1), Status.PROCESSING, id="working on it"
        ),
    ],
)
def test_a_session_changes_in_one_state_only(session, reached, change, allowed):
    before = brought_to(session, reached)
    assert change(before) is (reached is allowed)
    if reached is not allowed:
        assert now(session) == before


@pytest.mark.parametrize(
    ("lapses", "canceled"),
    [
        pytest.param(False, False, id="while somebody publishes it"),
        pytest.param(True, True, id="once nothing is heard of them"),
    ],
)
def test_a_session_that_is_published_is_canceled(session, lapse, lapses, canceled):
    assert write.claim(session)
    if lapses:
        lapse()
    assert write.end(session, Status.CANCELED) is canceled


def test_what_lapsed_is_published_by_one_other_and_counted(session, lapse):
    assert write.claim(session)
    assert not write.claim(session)
    lapse()
    assert write.claim(session)
    assert now(session).attempts == 2
    assert write.let_go(replace(session, attempts=1))
    assert now(session).attempts == 1
    assert write.reopen(session, "Refused.")
    found = now(session)
    assert (found.status, found.attempts, found.notice) == (Status.OPEN, 0, "Refused.")
    assert write.claim(session)
    assert now(session).notice == ""


def test_a_session_that_is_taken_up_outlives_its_end(session):
    assert write.extend(session, datetime.now(UTC) + timedelta(seconds=30))
    assert write.queue(now(session))
    assert now(session).expires > datetime.now(UTC) + timedelta(minutes=50)


@pytest.mark.parametrize("ending", [Status.CANCELED, Status.PUBLISHED])
def test_a_release_has_one_session_until_that_ends(session, ending):
    other = replace(session, id="f" * 32, version="1.0.0")
    assert not write.create(other)
    assert write.holder("demo", "1") == session.id
    if ending is Status.PUBLISHED:
        assert write.claim(session)
    assert write.end(session, ending)
    assert write.holder("demo", "1") == ""
    assert write.create(other)
    assert now(session).expires <= datetime.now(UTC) + RETENTION


def test_the_end_of_a_session_lets_go_of_nothing_that_is_anothers_by_now(session):
    other = replace(session, id="f" * 32)
    assert write.create(other, instead_of=session.id)
    assert write.end(session, Status.CANCELED)
    assert write.holder("demo", "1.0") == other.id


@pytest.mark.parametrize(
    ("given", "created"),
    [
        pytest.param({}, False, id="a session that lives"),
        pytest.param({"instead_of": True}, True, id="a session that is known to have ended"),
        pytest.param({"expired": True}, True, id="a session whose time is over"),
    ],
)
def test_a_release_is_taken_over_from(session, given, created):
    if given.get("expired"):
        assert write.extend(session, datetime.now(UTC) - timedelta(seconds=1))
    other = replace(session, id="f" * 32)
    assert write.create(other, instead_of=session.id if given.get("instead_of") else "") is created
