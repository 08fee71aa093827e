"""How sessions and files of them end, and how long sessions live."""

from datetime import timedelta

import pytest

from packages_app.file_store import read as store
from packages_app.uploads.sessions import create, end, read, write, write_files
from packages_app.uploads.sessions.entries import LIFE, LONGEST_LIFE, FileStatus, Status
from packages_app.uploads.sessions.errors import NoSuchSession, SessionBusy, SessionClosed
from tests.factories import make_sdist, make_wheel
from tests.unit.uploads.sessions.conftest import ANA, sent, status


def staged() -> list[str]:
    return [blob.key for blob in store.walk("staging")]


def test_a_canceled_session_leaves_no_bytes_and_lets_go_of_its_release(session):
    sent(session, make_wheel())
    assert staged()
    for _ in range(2):  # again is fine
        end.cancel(session.id, ANA)
    assert (read.find(session.id).status, staged()) == (Status.CANCELED, [])
    assert create.create("Demo", "1.0", ANA).id != session.id


@pytest.mark.parametrize(
    ("reached", "error"),
    [(Status.PROCESSING, SessionBusy), (Status.PUBLISHED, SessionClosed)],
    ids=lambda value: f"{value}",
)
def test_a_session_that_is_published_is_not_canceled(session, reached, error):
    sent(session, make_wheel())
    assert write.claim(session)
    if reached is Status.PUBLISHED:
        assert write.end(session, Status.PUBLISHED)
    with pytest.raises(error):
        end.cancel(session.id, ANA)
    assert (read.find(session.id).status, len(staged())) == (reached, 1)


def test_a_canceled_file_leaves_no_bytes_and_the_others_alone(session):
    wheel, sdist = sent(session, make_wheel()), sent(session, make_sdist())
    for _ in range(2):
        end.cancel_file(session.id, wheel.filename, ANA)
    assert (status(wheel), status(sdist)) == (FileStatus.CANCELED, FileStatus.PENDING)
    assert [sdist.filename in key for key in staged()] == [True]


def test_a_file_that_is_checked_is_not_canceled(session):
    file = sent(session, make_wheel())
    assert write_files.claim_file(file)
    with pytest.raises(SessionBusy):
        end.cancel_file(session.id, file.filename, ANA)
    assert len(staged()) == 1


@pytest.mark.parametrize(
    ("seconds", "lives", "noticed"),
    [
        pytest.param(0, LIFE, False, id="not at all"),
        pytest.param(3600, LIFE + timedelta(hours=1), False, id="an hour"),
        pytest.param(int((LONGEST_LIFE - LIFE).total_seconds()), LONGEST_LIFE, False, id="as long as it can"),
        pytest.param(
            int((LONGEST_LIFE - LIFE).total_seconds()) + 1, LONGEST_LIFE, True, id="a second longer than it can"
        ),
        pytest.param(10**30, LONGEST_LIFE, True, id="for ever"),
    ],
)
def test_a_session_lives_longer_within_bounds(session, seconds, lives, noticed):
    found, notice = end.extend(session.id, seconds, ANA)
    assert found.expires - found.created == lives
    assert bool(notice) is noticed


@pytest.mark.parametrize("action", [lambda id_: end.extend(id_, 9, ANA), lambda id_: end.cancel(id_, ANA)])
def test_a_session_that_is_not_there_is_told(action):
    with pytest.raises(NoSuchSession):
        action("0" * 32)
