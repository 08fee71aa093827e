"""A release that is published after the answer is listed whatever dies in the middle, once, or says why not."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts.roles import Action
from packages_app.accounts.tokens import write as tokens
from packages_app.catalogue import read as catalogue
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import StoreUnavailable
from packages_app.uploads.candidate import Candidate, hashed
from packages_app.uploads.publish import publish as publish_file
from packages_app.uploads.sessions import entries, markers, read, work, write
from packages_app.uploads.sessions import publish as publishing
from packages_app.uploads.sessions.end import cancel
from packages_app.uploads.sessions.entries import Status
from packages_app.uploads.sessions.errors import IncompleteFiles
from packages_app.uploads.sessions.publish import publish
from packages_app.uploads.sessions.work import Result, carry_out
from tests.factories import make_sdist, make_wheel
from tests.unit.uploads.sessions.conftest import ANA, Killed, begin, finished, left, listed

pytestmark = pytest.mark.usefixtures("everything_takes_long")

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


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param("revoked", Status.OPEN, id="revoked"),
        pytest.param("expired", Status.PUBLISHED, id="expired, for it was good when it was used"),
        pytest.param("active", Status.PUBLISHED, id="neither"),
    ],
)
def test_a_release_that_was_asked_for_with_a_token_is_listed_unless_it_is_meanwhile(session, life, expected):
    finished(session, make_wheel())
    change = ANA.change("test")
    soon = datetime.now(UTC) + timedelta(seconds=0.2)
    token, _ = tokens.create("ana", actions=frozenset({Action.UPLOAD}), change=change, expires=soon)
    publish(session.id, replace(ANA, token=token.id, limits=token.limits))
    if life == "revoked":
        tokens.revoke(token, change=change)
    elif life == "expired":
        time.sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds()))
    assert carry_out(left()[0]) is Result.DONE
    found = read.find(session.id)
    assert found.status is expected
    assert ("revoked" in found.notice) == (life == "revoked")
    assert len(listed()) == (expected is Status.PUBLISHED)
    assert left() == []


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
