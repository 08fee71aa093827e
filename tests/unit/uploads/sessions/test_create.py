"""A release has one session at a time, however many are begun at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import NotSignedIn
from packages_app.tables.conditional import updated
from packages_app.uploads.sessions import end, read, write
from packages_app.uploads.sessions.create import create
from packages_app.uploads.sessions.entries import LIFE, Status
from packages_app.uploads.sessions.errors import BadDocument, SessionExists
from tests.unit.uploads.sessions.conftest import ANA


def test_a_session_is_read_as_it_was_made(session):
    assert read.find(session.id) == session
    assert (session.name, session.project, session.version) == ("Demo", "demo", "1.0")
    assert session.expires - session.created == LIFE
    assert len({session.id, session.stage, create("demo", "2", ANA).id}) == 3


def test_of_many_at_once_one_gets_the_release(tmp_path):
    together = Barrier(8)

    def begin(_: int) -> str:
        together.wait(10)
        try:
            return create("demo", "1.0", ANA).id
        except SessionExists as error:
            return f"told of {error.session}"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(begin, range(8)))
    [winner] = [answer for answer in answers if not answer.startswith("told")]
    assert answers.count(f"told of {winner}") == 7


def test_a_release_whose_session_ended_in_a_killed_process_is_free(session):
    """The session was closed, and the process died before it let go of the release."""
    row = write.row_of(session.id)
    updated(row, [write.SessionRow.status.set(Status.CANCELED.value)], write.alive())
    again = create("demo", "1.0", ANA)
    assert write.holder("demo", "1.0") == again.id
    end.cancel(session.id, ANA)
    assert write.holder("demo", "1.0") == again.id


@pytest.mark.parametrize("version", ["", "x", "1.0 ", "1" * 5000])
def test_what_is_no_version_begins_nothing(version):
    if version == "1.0 ":  # PEP 440 allows white space around it
        assert create("demo", version, ANA).version == "1.0"
        return
    with pytest.raises(BadDocument) as caught:
        create("demo", version, ANA)
    assert [place for place, _ in caught.value.errors] == ["version"]


def test_nobody_in_particular_begins_nothing():
    with pytest.raises(NotSignedIn):
        create("demo", "1.0", Principal(name=""))


def test_sessions_are_listed_newest_first_from_any_place_and_without_those_that_expired(session, monkeypatch):
    ids = [session.id, *(create("demo", version, ANA).id for version in ("2", "3"))]
    found = list(read.newest(limit=1))
    assert sorted(entry.id for _, entry in found) == sorted(ids)
    assert [entry.created for _, entry in found] == sorted((entry.created for _, entry in found), reverse=True)
    assert {entry.actor for _, entry in found} == {ANA.name}
    assert [entry.id for _, entry in read.newest(found[0][0])] == [entry.id for _, entry in found[1:]]
    end.extend(ids[0], 3600, ANA)
    monkeypatch.setattr(read, "datetime", Later)
    assert [entry.id for _, entry in read.newest()] == [ids[0]]


class Later(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + LIFE + timedelta(minutes=1)
