"""Checks that cannot be carried out, or that somebody else began, can be repeated."""

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import NotSignedIn
from packages_app.file_store.errors import StoreUnavailable
from packages_app.metadata.errors import UnsoundArchive
from packages_app.uploads.sessions import complete as journey
from packages_app.uploads.sessions import read, write, write_files
from packages_app.uploads.sessions.complete import complete
from packages_app.uploads.sessions.entries import FileStatus
from packages_app.uploads.sessions.errors import SessionBusy, SessionClosed
from tests.factories import make_wheel, sha256
from tests.unit.uploads.sessions.conftest import ANA, completed, sent


def test_a_completed_file_keeps_what_will_be_listed(session):
    filename, data = make_wheel(requires_python=">=3.9")
    file = completed(session, (filename, data))
    assert file.status is FileStatus.COMPLETED
    assert (file.checked.sha256, file.checked.requires_python) == (sha256(data), ">=3.9")
    assert (file.checked.uploader, file.display_name) == ("ana", "demo")
    assert len(file.checked.blake2_256) == 64


def test_what_came_in_through_this_server_is_not_hashed_again(session, monkeypatch):
    file = sent(session, make_wheel())
    monkeypatch.setattr("packages_app.uploads.at_hand.hashed", None)
    assert complete(session.id, file.filename, ANA).status is FileStatus.COMPLETED


def test_a_store_that_does_not_answer_leaves_the_file_waiting(session, monkeypatch):
    file = sent(session, make_wheel())

    def unavailable(*_: object) -> None:
        raise StoreUnavailable("not now")

    with monkeypatch.context() as patch:
        patch.setattr(journey.store, "stat", unavailable)
        with pytest.raises(StoreUnavailable):
            complete(session.id, file.filename, ANA)
    assert read.file(session.id, file.filename).status is FileStatus.PENDING
    assert complete(session.id, file.filename, ANA).status is FileStatus.COMPLETED


def test_a_check_that_a_killed_process_began_is_taken_up_after_its_lease(session, monkeypatch):
    file = sent(session, make_wheel())
    assert write_files.claim_file(file)
    with pytest.raises(SessionBusy):
        complete(session.id, file.filename, ANA)
    monkeypatch.setattr(write_files, "lapsed", lambda: read.lapsed() * 2)
    assert complete(session.id, file.filename, ANA).status is FileStatus.COMPLETED


def test_a_file_of_a_session_that_is_being_published_is_not_checked(session):
    file = sent(session, make_wheel())
    write.claim(session)
    with pytest.raises(SessionBusy):
        complete(session.id, file.filename, ANA)


def test_a_refused_file_is_not_checked_again(session):
    file = sent(session, (make_wheel()[0], b"no archive"))
    for error in (UnsoundArchive, SessionClosed):
        with pytest.raises(error):
            complete(session.id, file.filename, ANA)


def test_nobody_in_particular_completes_nothing(session):
    file = sent(session, make_wheel())
    with pytest.raises(NotSignedIn):
        complete(session.id, file.filename, Principal(name=""))
