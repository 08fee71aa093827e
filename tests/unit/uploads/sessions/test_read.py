"""Which sessions and files are there for whoever asks: none that has expired, or belongs to another index."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import NotSignedIn
from packages_app.uploads.sessions import read, write
from packages_app.uploads.sessions.entries import Session, Status
from packages_app.uploads.sessions.errors import NoSuchSession, SessionBusy, SessionClosed
from tests.factories import make_wheel
from tests.unit.uploads.sessions.conftest import begin


@pytest.mark.parametrize(
    "id_",
    [
        pytest.param("0" * 32, id="an id of none"),
        pytest.param("0" * 31, id="a short id"),
        pytest.param("0" * 32 + "\n", id="an id with a line end"),
        pytest.param("../" + "0" * 29, id="a path"),
        pytest.param("0" * 5000, id="an id that no key can hold"),
    ],
)
def test_there_is_no_such_session(id_):
    assert read.find(id_) is None


def test_a_session_that_has_expired_is_not_there_while_its_item_is(session):
    assert write.extend(session, datetime.now(UTC) - timedelta(seconds=1))
    assert read.find(session.id) is None
    assert list(read.newest()) == []


def test_a_session_of_another_index_is_not_there(session, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "index": "other"}
    assert read.find(session.id) is None
    assert list(read.newest()) == []


def test_sessions_come_newest_first_from_a_cursor_on(session):
    newer = replace(session, id="f" * 32, version="2.0", created=session.created + timedelta(seconds=1))
    assert write.create(newer)
    cursors = [(cursor, found.id) for cursor, found in read.newest()]
    assert [id_ for _, id_ in cursors] == [newer.id, session.id]
    assert [found.id for _, found in read.newest(before=cursors[0][0])] == [session.id]


def test_who_is_not_signed_in_does_not_learn_whether_there_is_a_session(session):
    for id_ in (session.id, "0" * 32):
        with pytest.raises(NotSignedIn):
            read.session(id_, Principal(name=""))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (Status.OPEN, None),
        (Status.PROCESSING, SessionBusy),
        (Status.PUBLISHED, SessionClosed),
        (Status.CANCELED, SessionClosed),
    ],
)
def test_only_an_open_session_takes_changes(session: Session, status, error):
    found = replace(session, status=status)
    if error is None:
        read.check_open(found)
        return
    with pytest.raises(error):
        read.check_open(found)


@pytest.mark.parametrize(
    "filename",
    [
        pytest.param("other-1.0-py3-none-any.whl", id="a file that it does not have"),
        pytest.param("../demo-1.0-py3-none-any.whl", id="a path"),
        pytest.param("", id="no name"),
        pytest.param("x" * 5000, id="a name that no key can hold"),
    ],
)
def test_a_session_has_no_such_file(session, filename):
    begin(session, make_wheel())
    with pytest.raises(NoSuchSession, match="no file of that name"):
        read.file(session.id, filename)


def test_a_file_is_read_as_it_was_announced(session):
    file = begin(session, make_wheel())
    assert read.file(session.id, file.filename) == file
    assert read.files(session.id) == (file,)
