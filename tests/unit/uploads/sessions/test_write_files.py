"""In which state of a session and a file each change is made: a step that comes too late must change nothing."""

from dataclasses import replace

import pytest

from packages_app.uploads.candidate import Digests
from packages_app.uploads.sessions import read, write, write_files
from packages_app.uploads.sessions.entries import FileStatus, Session, SessionFile, Status
from tests.factories import make_wheel
from tests.unit.uploads.sessions.conftest import ANA, begin, completed, status

MADE = make_wheel()
DIGESTS = Digests(sha256="a", blake2_256="b", md5="c")


def ended(session: Session, reached: Status) -> None:
    """Bring a session to a state in which it takes no changes."""
    if reached is Status.CANCELED:
        assert write.end(session, reached)
        return
    assert write.claim(session)
    if reached is Status.PUBLISHED:
        assert write.end(session, reached)


def as_read(file: SessionFile) -> SessionFile:
    return read.file(file.session, file.filename)


@pytest.mark.parametrize("reached", [Status.PROCESSING, Status.PUBLISHED, Status.CANCELED])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda file: write_files.claim_file(file) is not None, id="checking a file"),
        pytest.param(write_files.queue_file, id="letting a file wait for its check"),
        pytest.param(write_files.cancel_file, id="canceling a file"),
    ],
)
def test_no_file_changes_in_a_session_that_takes_no_changes(session, change, reached):
    file = begin(session, MADE)
    ended(session, reached)
    assert not change(file)
    assert as_read(file) == file


@pytest.mark.parametrize("reached", [Status.PROCESSING, Status.PUBLISHED, Status.CANCELED])
def test_no_file_comes_into_a_session_that_takes_no_changes(session, reached):
    file = replace(begin(session, MADE), filename="demo-1.0.tar.gz")
    ended(session, reached)
    assert write_files.begin_file(file) == (False, True)
    assert len(read.files(session.id)) == 1


@pytest.mark.parametrize(
    ("reached", "free"),
    [
        pytest.param("pending", False, id="a file that waits"),
        pytest.param("processing", False, id="a file that is checked"),
        pytest.param("completed", False, id="a completed file"),
        pytest.param("error", True, id="a file that was refused"),
        pytest.param("canceled", True, id="a file that was canceled"),
    ],
)
def test_a_name_is_free_again_once_its_file_came_to_nothing(session, reached, free):
    file = completed(session, MADE) if reached == "completed" else begin(session, MADE)
    if reached in {"processing", "error"}:
        claimed = write_files.claim_file(file)
    if reached == "error":
        assert write_files.refuse_file(claimed, "Bad.")
    elif reached == "canceled":
        assert write_files.cancel_file(file)
    assert status(file).value == reached
    assert write_files.begin_file(replace(file, status=FileStatus.PENDING)) == (True, free)


LATE = [
    pytest.param(lambda file: write_files.note_received(file, DIGESTS), id="digests of bytes"),
    pytest.param(lambda file: write_files.note_upload(file, "upload"), id="an upload in parts"),
    pytest.param(write_files.note_attested, id="attestations"),
    pytest.param(lambda file: write_files.claim_file(file) is not None, id="a check"),
    pytest.param(write_files.queue_file, id="waiting for a check"),
]


@pytest.mark.parametrize("change", LATE)
def test_what_concerns_other_bytes_than_are_announced_by_now_is_not_kept(session, change):
    file = begin(session, MADE)
    assert write_files.cancel_file(file)
    other = replace(file, hashes={"sha256": "b" * 64})
    assert write_files.begin_file(other) == (True, True)
    before = as_read(file)
    assert not change(file)
    assert as_read(file) == before
    assert change(before)


@pytest.mark.parametrize("change", LATE)
def test_a_file_that_does_not_wait_takes_nothing_more(session, change):
    file = begin(session, MADE)
    assert write_files.cancel_file(file)
    before = as_read(file)
    assert not change(file)
    assert as_read(file) == before


def test_of_two_uploads_in_parts_one_is_kept(session):
    file = begin(session, MADE)
    assert write_files.note_upload(file, "first")
    assert not write_files.note_upload(file, "second")
    assert write_files.note_upload(as_read(file), "third")
    assert as_read(file).upload == "third"


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(write_files.release_file, id="letting it go"),
        pytest.param(lambda file: write_files.refuse_file(file, "Bad."), id="refusing it"),
        pytest.param(write_files.let_go_file, id="letting it wait"),
    ],
)
def test_only_who_has_the_claim_ends_a_check(session, lapse, end):
    file = begin(session, MADE)
    late = write_files.claim_file(file)
    assert write_files.claim_file(file) is None
    lapse()
    now = write_files.claim_file(file)
    before = as_read(file)
    assert not end(late)
    assert as_read(file) == before
    assert end(now)
    assert as_read(file) != before


def test_a_check_that_lapsed_is_begun_anew_by_one(session):
    write_files.claim_file(begin(session, MADE))
    (seen,) = read.files(session.id)
    assert write_files.revive_file(seen)
    assert not write_files.revive_file(seen)


def test_a_session_lives_longer_only_with_its_reservation(session):
    assert write.extend(session, session.expires)
    ended(session, Status.CANCELED)
    assert not write.extend(session, session.expires)
    assert read.session(session.id, ANA).status is Status.CANCELED
