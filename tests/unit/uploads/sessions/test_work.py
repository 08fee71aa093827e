"""A check that goes on after its answer is done whatever dies in the middle, once; a poll has it begun anew."""

from datetime import UTC, datetime, timedelta

import pytest

from packages_app.file_store import keys
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import StoreUnavailable
from packages_app.metadata.errors import UnsoundArchive
from packages_app.uploads.sessions import complete as completing
from packages_app.uploads.sessions import entries, markers, read, staging, work, write_files
from packages_app.uploads.sessions.complete import complete
from packages_app.uploads.sessions.end import cancel, cancel_file
from packages_app.uploads.sessions.entries import FileStatus
from packages_app.uploads.sessions.errors import NotReceived, SessionBusy
from packages_app.uploads.sessions.publish import publish
from packages_app.uploads.sessions.work import Result, carry_out
from tests.factories import make_wheel
from tests.unit.uploads.sessions.conftest import ANA, Killed, begin, completed, finished, left, listed, sent, status

pytestmark = pytest.mark.usefixtures("everything_takes_long")

# --- Completing ---


def test_a_long_check_is_left_to_whoever_hears_of_its_marker(session):
    file = completed(session, make_wheel())
    assert file.status is FileStatus.PROCESSING
    [key] = left()
    assert carry_out(key) is Result.DONE
    assert read.file(session.id, file.filename).checked.uploader == "ana"
    assert left() == []
    assert carry_out(key) is Result.NOTHING  # the same event again
    assert complete(session.id, file.filename, ANA).status is FileStatus.COMPLETED


def test_what_was_not_sent_is_told_at_once(session):
    file = begin(session, make_wheel())
    with pytest.raises(NotReceived):
        complete(session.id, file.filename, ANA)
    assert left() == []
    assert status(file) is FileStatus.PENDING


def test_a_refusal_after_the_answer_is_told_by_the_file(session):
    file = completed(session, (make_wheel()[0], b"no archive"))
    assert carry_out(left()[0]) is Result.DONE
    found = read.file(session.id, file.filename)
    assert found.status is FileStatus.ERROR
    assert "zip" in found.notice
    assert left() == []


def test_bytes_that_vanished_meanwhile_are_asked_for_again(session):
    file = completed(session, make_wheel())
    store_write.remove(staging.key(file))
    assert carry_out(left()[0]) is Result.DONE
    assert status(file) is FileStatus.PENDING
    assert left() == []


STEPS_OF_A_CHECK = {
    "before the row says so": (completing.write_files, "queue_file"),
    "when the check is claimed": (completing, "checked"),
    "when everything is checked": (completing, "keep"),
    "when the row would say so": (completing.write_files, "complete_file"),
    "when the marker would go": (markers, "remove"),
}


@pytest.mark.parametrize("step", STEPS_OF_A_CHECK)
def test_a_check_that_dies_is_ended_by_the_next_event(session, monkeypatch, lapse, step):
    file = sent(session, make_wheel())
    module, name = STEPS_OF_A_CHECK[step]

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        try:
            complete(session.id, file.filename, ANA)
            carry_out(left()[0])
        except Killed:
            pass
        else:
            pytest.fail("nothing died")
    [key] = left()
    lapse()
    assert carry_out(key) in (Result.DONE, Result.NOTHING)
    assert status(file) is FileStatus.COMPLETED
    assert left() == []


def test_while_a_check_goes_on_nobody_else_begins_it(session, monkeypatch):
    file = completed(session, make_wheel())
    [key] = left()
    seen = []
    real = completing.checked

    def meanwhile(*arguments):
        seen.append(carry_out(key))
        assert complete(session.id, file.filename, ANA).status is FileStatus.PROCESSING
        with pytest.raises(SessionBusy):
            cancel_file(session.id, file.filename, ANA)
        return real(*arguments)

    monkeypatch.setattr(completing, "checked", meanwhile)
    assert carry_out(key) is Result.DONE
    assert seen == [Result.LEFT]


@pytest.mark.parametrize("content", [b"as before", b"other"], ids=["with the same bytes", "with other bytes"])
@pytest.mark.parametrize("outcome", ["it passes", "it is refused", "bytes are missing", "the store does not answer"])
def test_a_check_that_outlived_its_hold_does_not_end_the_next_one(session, monkeypatch, content, outcome):
    file = completed(session, make_wheel(content=b"as before"))
    [key] = left()
    real = completing.checked
    errors = {
        "it is refused": UnsoundArchive("no"),
        "bytes are missing": NotReceived("no"),
        "the store does not answer": StoreUnavailable("no"),
    }
    later = []

    def overtaken(*arguments):
        found = real(*arguments)
        with monkeypatch.context() as patch:
            patch.setattr(write_files, "lapsed", lambda: read.lapsed() * 2)
            cancel_file(session.id, file.filename, ANA)
        completed(session, make_wheel(content=content))
        later.append(write_files.claim_file(read.file(session.id, file.filename), timedelta(minutes=1)))
        if outcome in errors:
            raise errors[outcome]
        return found

    monkeypatch.setattr(completing, "checked", overtaken)
    if outcome == "the store does not answer":
        with pytest.raises(StoreUnavailable):
            carry_out(key)
    else:
        assert carry_out(key) is Result.LEFT
    now = read.file(session.id, file.filename)
    assert (now.status, now.checked, now.notice) == (FileStatus.PROCESSING, None, "")
    assert now.held_until > datetime.now(UTC)
    assert left() == [key], "whoever checks it now may die yet"
    [claimed] = later
    assert write_files.refuse_file(claimed, "so it is")


def test_a_file_that_was_announced_anew_is_not_checked_for_what_it_was(session):
    before = sent(session, make_wheel(content=b"before"))
    cancel_file(session.id, before.filename, ANA)
    sent(session, make_wheel(content=b"after"))
    assert write_files.claim_file(before) is None
    assert write_files.claim_file(read.file(session.id, before.filename))


def test_a_store_that_does_not_answer_leaves_the_work_for_the_next_event(session, monkeypatch):
    file = completed(session, make_wheel())
    [key] = left()

    def unavailable(*_: object) -> None:
        raise StoreUnavailable("later")

    with monkeypatch.context() as patch:
        patch.setattr(completing, "checked", unavailable)
        for _ in range(entries.MOST_ATTEMPTS + 1):  # an outage is no reason to give the file up
            with pytest.raises(StoreUnavailable):
                carry_out(key)
    assert status(file) is FileStatus.PROCESSING
    assert carry_out(key) is Result.DONE
    assert status(file) is FileStatus.COMPLETED


def test_work_that_dies_every_time_is_given_up_with_a_reason(session, monkeypatch, lapse):
    file = completed(session, make_wheel())
    [key] = left()
    lapse()

    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(completing, "checked", killed)
    for _ in range(entries.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            carry_out(key)
    assert carry_out(key) is Result.DONE
    found = read.file(session.id, file.filename)
    assert found.status is FileStatus.ERROR
    assert "never ended" in found.notice


def test_progress_is_told_from_time_to_time_and_keeps_others_off(session, monkeypatch):
    file = completed(session, make_wheel())
    told = []

    def slow(*arguments):
        beat = arguments[3]
        beat(5)
        beat.last -= 60
        before = read.file(session.id, file.filename).held_until
        beat(7)
        found = read.file(session.id, file.filename)
        told.append((found.progress, found.held_until > before))
        raise StoreUnavailable("later")

    monkeypatch.setattr(completing, "checked", slow)
    with pytest.raises(StoreUnavailable):
        carry_out(left()[0])
    assert told == [(7, True)]


@pytest.mark.parametrize("gone", ["the session is canceled", "the file is canceled", "the session is unknown"])
def test_work_that_nobody_wants_any_more_only_loses_its_marker(session, gone):
    file = completed(session, make_wheel())
    [key] = left()
    if gone == "the session is canceled":
        cancel(session.id, ANA)
    elif gone == "the file is canceled":
        cancel_file(session.id, file.filename, ANA)
    else:
        markers.remove(key)
        key = keys.work("0" * 32, file.filename)
        markers.put("0" * 32, file.filename, ANA)
    assert carry_out(key) is Result.NOTHING
    assert left() == []


# --- Polls and markers ---


def test_a_poll_has_silent_work_begun_anew_once(session, monkeypatch):
    file = completed(session, make_wheel())
    markers.remove(left()[0])
    file = read.file(session.id, file.filename)
    work.revive(session, file, ANA)
    assert left() == [], "it was asked for just now"
    monkeypatch.setattr(work, "REVIVAL", timedelta(0))
    work.revive(session, file, ANA)
    assert len(left()) == 1
    markers.remove(left()[0])
    work.revive(session, file, ANA)
    assert left() == [], "somebody else has said so meanwhile"
    work.revive(session, read.file(session.id, file.filename), ANA)
    assert carry_out(left()[0]) is Result.DONE
    work.revive(session, read.file(session.id, file.filename), ANA)
    assert left() == []


def test_a_poll_has_a_silent_release_begun_anew(session, monkeypatch):
    finished(session, make_wheel())
    publish(session.id, ANA)
    markers.remove(left()[0])
    monkeypatch.setattr(work, "REVIVAL", timedelta(0))
    work.revive(read.find(session.id), None, ANA)
    assert carry_out(left()[0]) is Result.DONE
    assert len(listed()) == 1


def test_where_nobody_hears_events_polls_leave_no_markers(session, settings, monkeypatch):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "background": False}
    file = sent(session, make_wheel())
    write_files.claim_file(file, timedelta(0))
    monkeypatch.setattr(work, "REVIVAL", timedelta(0))
    work.revive(session, read.file(session.id, file.filename), ANA)
    assert left() == []
