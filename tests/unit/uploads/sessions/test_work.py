"""Work that goes on after its answer is done whatever dies in the middle, once, and in the name of who asked for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts.entries import Limits, Principal
from packages_app.accounts.roles import Action
from packages_app.catalogue import read as catalogue
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import StoreUnavailable
from packages_app.uploads.candidate import Candidate, hashed
from packages_app.uploads.publish import publish as publish_file
from packages_app.uploads.sessions import complete as completing
from packages_app.uploads.sessions import entries, markers, read, staging, work, write, write_files
from packages_app.uploads.sessions import publish as publishing
from packages_app.uploads.sessions.complete import complete
from packages_app.uploads.sessions.end import cancel, cancel_file
from packages_app.uploads.sessions.entries import FileStatus, Status
from packages_app.uploads.sessions.errors import IncompleteFiles, NotReceived, SessionBusy
from packages_app.uploads.sessions.publish import publish
from packages_app.uploads.sessions.work import Result, carry_out
from tests.factories import make_sdist, make_wheel
from tests.unit.uploads.sessions.conftest import ANA, begin, completed, sent


class Killed(BaseException):
    """The process ends here; nothing that it would do about an error is done."""


@pytest.fixture(autouse=True)
def _everything_takes_long(settings, monkeypatch):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "background": True}
    monkeypatch.setattr(completing, "LONG", 0)
    monkeypatch.setattr(completing, "is_quick", lambda *_: False)
    monkeypatch.setattr(publishing, "LONG", 0)


@pytest.fixture
def lapse(monkeypatch):
    """Let so much time go by that claims lapse: ``lapse()``."""

    def later() -> None:
        for module in (write, write_files):
            monkeypatch.setattr(module, "lapsed", lambda: read.lapsed() * 2)

    return later


def left() -> list[str]:
    return list(markers.left(timedelta(0)))


def status(file) -> FileStatus:
    return read.file(file.session, file.filename).status


def listed() -> list[str]:
    return [file.filename for file in catalogue.files("demo")]


def finished(session, made):
    """A completed file, as its event leaves it."""
    file = completed(session, made)
    assert carry_out(keys.work(session.id, file.filename)) is Result.DONE
    return file


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


# --- Publishing ---


def test_a_long_release_is_listed_after_the_answer(session):
    made = [make_wheel(), make_sdist()]
    for each in made:
        finished(session, each)
    assert publish(session.id, ANA).status is Status.PROCESSING
    assert listed() == []
    [key] = left()
    assert carry_out(key) is Result.DONE
    assert read.find(session.id).status is Status.PUBLISHED
    assert sorted(listed()) == sorted(filename for filename, _ in made)
    assert [blob.key for blob in store.walk(keys.STAGING)] == left() == []
    assert carry_out(key) is Result.NOTHING
    assert publish(session.id, ANA).status is Status.PUBLISHED


def test_what_cannot_be_published_is_told_at_once(session):
    finished(session, make_wheel())
    begin(session, make_sdist())
    with pytest.raises(IncompleteFiles):
        publish(session.id, ANA)
    assert left() == []
    assert read.find(session.id).status is Status.OPEN


STEPS_OF_A_RELEASE = {
    "before the row says so": (publishing.write, "queue"),
    "when it is claimed": (publishing, "list_together"),
    "when one file is in its place": (publishing, "publish_release"),
    "when all are listed": (publishing.write, "end"),
    "when it is published": (publishing.staging, "drop"),
    "when the marker would go": (markers, "remove"),
}


@pytest.mark.parametrize("step", STEPS_OF_A_RELEASE)
def test_a_release_that_dies_is_ended_by_the_next_event(session, monkeypatch, lapse, step):
    for made in (make_wheel(), make_sdist()):
        finished(session, made)
    module, name = STEPS_OF_A_RELEASE[step]

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        try:
            publish(session.id, ANA)
            carry_out(left()[0])
        except Killed:
            pass
        else:
            pytest.fail("nothing died")
    for filename in listed():
        [file] = [file for file in catalogue.files("demo") if file.filename == filename]
        assert store.stat(keys.blob(file.sha256, filename)).size == file.size
    assert len(listed()) in (0, 2)
    [key] = left()
    lapse()
    assert carry_out(key) in (Result.DONE, Result.NOTHING)
    assert read.find(session.id).status is Status.PUBLISHED
    assert len(listed()) == 2
    assert left() == []


def test_a_conflict_after_the_answer_opens_the_session_again_and_says_why(session, tmp_path):
    filename, data = make_wheel()
    finished(session, (filename, data))
    publish(session.id, ANA)
    other = make_wheel(content=b"other")[1]
    path = tmp_path / "spooled"
    path.write_bytes(other)
    digests = hashed([other]).digests()
    publish_file(
        Candidate(filename=filename, path=path, size=len(other), digests=digests, principal=ANA, source="test")
    )
    assert carry_out(left()[0]) is Result.DONE
    found = read.find(session.id)
    assert found.status is Status.OPEN
    assert "already exists" in found.notice
    assert left() == []


def test_a_release_whose_store_does_not_answer_waits_for_the_next_event(session, monkeypatch):
    finished(session, make_wheel())
    publish(session.id, ANA)

    def unavailable(*_: object) -> None:
        raise StoreUnavailable("later")

    with monkeypatch.context() as patch:
        patch.setattr(publishing.store, "copy", unavailable)
        for _ in range(entries.MOST_ATTEMPTS + 1):  # an outage is no reason to give the release up
            with pytest.raises(StoreUnavailable):
                carry_out(left()[0])
    assert read.find(session.id).status is Status.PROCESSING
    assert listed() == []
    assert carry_out(left()[0]) is Result.DONE
    assert len(listed()) == 1


def test_a_large_file_that_a_dead_run_copied_is_not_copied_again(session, monkeypatch, lapse):
    finished(session, make_wheel())
    publish(session.id, ANA)
    monkeypatch.setattr(publishing, "LARGE", 0)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish_release", killed)
        with pytest.raises(Killed):
            carry_out(left()[0])
    lapse()
    copied = []
    real = publishing.store.copy
    monkeypatch.setattr(publishing.store, "copy", lambda *what: (copied.append(what[0]), real(*what)))
    assert carry_out(left()[0]) is Result.DONE
    assert [key.rpartition(".")[2] for key in copied] == ["metadata"]


def test_a_release_that_dies_every_time_is_given_up_with_a_reason(session, monkeypatch, lapse):
    finished(session, make_wheel())
    publish(session.id, ANA)
    lapse()

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "list_together", killed)
        for _ in range(entries.MOST_ATTEMPTS):
            with pytest.raises(Killed):
                carry_out(left()[0])
    assert carry_out(left()[0]) is Result.DONE
    found = read.find(session.id)
    assert (found.status, found.attempts) == (Status.OPEN, 0)
    assert "never ended" in found.notice


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


def test_a_marker_carries_who_asked_and_what_their_token_allows(session):
    limits = Limits(actions=frozenset({Action.UPLOAD}), patterns=("demo", "team-*"))
    for who in (ANA, replace(ANA, token="t1", limits=limits)):
        markers.put(session.id, "", who)
        assert markers.bearer(keys.work(session.id)) == who


@pytest.mark.parametrize("forged", ["other bytes", "not ASCII", "too long", "copied from another"])
def test_a_marker_that_the_index_did_not_write_does_nothing(session, forged):
    file = sent(session, make_wheel())
    key = keys.work(session.id, file.filename)
    markers.put("0" * 32, file.filename, Principal(name="root", trusted=True))
    data = {
        "other bytes": b"{}",
        "not ASCII": b"\xff",
        "too long": b"x" * (markers.LONGEST + 1),
        "copied from another": store.read(keys.work("0" * 32, file.filename), 10_000),
    }[forged]
    store_write.put_bytes(key, data)
    assert carry_out(key) is Result.NOTHING
    assert status(file) is FileStatus.PENDING


def test_what_is_no_marker_is_nothing(session):
    assert carry_out("work/notes.txt") is Result.NOTHING
    store_write.put_bytes("work/notes.txt", b"")
    assert left() == []


def test_a_release_is_awaited_while_its_session_lives(session):
    assert work.is_awaited("demo", "1.0.0")
    assert not work.is_awaited("demo", "2.0")
    cancel(session.id, ANA)
    assert not work.is_awaited("demo", "1.0")


def test_a_session_that_is_published_after_the_answer_does_not_end_before(session):
    finished(session, make_wheel())
    soon = replace(session, expires=datetime.now(UTC) + timedelta(minutes=1))
    assert write.queue(soon)
    assert read.find(session.id).expires > datetime.now(UTC) + timedelta(minutes=59)
