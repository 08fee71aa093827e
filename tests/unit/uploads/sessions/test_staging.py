"""What ended sessions left is cleared away; what a live one needs stays."""

from datetime import UTC, datetime, timedelta

import pytest

from packages_app.file_store import keys
from packages_app.file_store import parts as store_parts
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.entries import Unfinished
from packages_app.uploads.sessions import end, staging, write
from packages_app.uploads.sessions.entries import Status
from tests.factories import make_wheel
from tests.unit.uploads.sessions.conftest import ANA, completed, sent


def staged() -> list[str]:
    return [blob.key for blob in store.walk(keys.STAGING)]


@pytest.fixture
def settled(monkeypatch):
    monkeypatch.setattr(staging, "SETTLED", timedelta(0))


def test_a_live_session_keeps_its_files(session, settled):
    completed(session, make_wheel())
    assert len(staged()) == 2
    assert staging.clear() == 0
    assert len(staged()) == 2


@pytest.mark.parametrize("status", [Status.CANCELED, Status.PUBLISHED])
def test_an_ended_session_s_files_go(session, settled, status):
    completed(session, make_wheel())
    if status is Status.PUBLISHED:
        write.claim(session)
    assert write.end(session, status)
    assert staging.clear() == 2
    assert staged() == []


def test_files_of_no_session_go_and_what_is_no_session_s_stays(settled):
    store_write.put_bytes(keys.staged("0" * 32, "0" * 64, "demo-1.0.tar.gz"), b"x")
    store_write.put_bytes("staging/notes.txt", b"x")
    assert staging.clear() == 1
    assert staged() == ["staging/notes.txt"]


def test_what_came_in_lately_stays(session):
    sent(session, make_wheel())
    end.write.end(session, Status.CANCELED)
    assert staging.clear() == 0
    assert len(staged()) == 1


def test_a_canceled_file_takes_its_bytes_along(session):
    file = completed(session, make_wheel())
    end.cancel_file(session.id, file.filename, ANA)
    end.cancel_file(session.id, file.filename, ANA)
    assert staged() == []


def test_unfinished_uploads_of_ended_sessions_are_dropped_and_those_of_live_ones_go_on(session, settled, monkeypatch):
    """A bucket's multipart uploads are no objects, so that no walk shows them."""
    at = datetime.now(UTC)
    live, gone = (keys.staged(each, "0" * 64, "demo-1.0.tar.gz") for each in (session.id, "0" * 32))
    begun = [Unfinished(key=key, upload=f"of {key}", begun=at) for key in (live, gone, "staging/notes.txt")]
    dropped = []
    monkeypatch.setattr(store_parts, "unfinished", lambda _: iter(begun))
    monkeypatch.setattr(store_parts, "drop", lambda *what: dropped.append(what))
    assert staging.clear() == 1
    assert dropped == [(gone, f"of {gone}")]
