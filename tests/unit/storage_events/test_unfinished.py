"""Work on upload sessions is brought to its end by the event of its marker, or by reconcile when none came."""

from datetime import timedelta
from io import BytesIO

import pytest

from packages_app.accounts.entries import Principal
from packages_app.file_store import keys
from packages_app.file_store.errors import StoreUnavailable
from packages_app.storage_events import unfinished
from packages_app.tables.errors import TableUnavailable
from packages_app.uploads.sessions import complete as completing
from packages_app.uploads.sessions import create, end, read, upload
from packages_app.uploads.sessions import publish as publishing
from packages_app.uploads.sessions.entries import FileStatus, NewFile, Status
from tests import bucket_events
from tests.factories import make_sdist, make_wheel, sha256
from tests.unit.storage_events.conftest import audited, handle, listed, put, run, told

ANA = Principal(name="ana")


@pytest.fixture(autouse=True)
def _everything_takes_long(files, settings, monkeypatch):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "background": True}
    monkeypatch.setattr(completing, "LONG", 0)
    monkeypatch.setattr(completing, "is_quick", lambda *_: False)
    monkeypatch.setattr(publishing, "LONG", 0)
    monkeypatch.setattr(unfinished, "FRESH", timedelta(0))


@pytest.fixture
def waiting(request, settings):
    """A session whose one file waits to be completed."""
    if "bucket" in request.fixturenames:
        request.getfixturevalue("bucket")
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "background": True}
    session = create.create("demo", "1.0", ANA)
    filename, data = make_wheel()
    announced = NewFile(filename=filename, size=len(data), hashes={"sha256": sha256(data)}, mechanism="http-post-bytes")
    upload.receive(upload.begin(session.id, announced, ANA), BytesIO(data).read, len(data))
    assert completing.complete(session.id, filename, ANA).status is FileStatus.PROCESSING
    return session, filename


def test_the_events_of_its_markers_complete_and_publish_a_session(bucket, waiting):
    session, filename = waiting
    key = keys.work(session.id, filename)
    event = bucket_events.put(bucket.prefix + key)
    assert handle(event, event) == {"done": 1, "nothing is left to do": 1}
    assert read.file(session.id, filename).status is FileStatus.COMPLETED
    assert publishing.publish(session.id, ANA).status is Status.PROCESSING
    assert handle(bucket_events.put(bucket.prefix + keys.work(session.id))) == {"done": 1}
    assert list(listed()) == [filename]
    removed = bucket_events.deleted(bucket.prefix + key)
    assert handle(removed) == {"own": 1}
    assert audited("event.ignore") == []


def test_what_else_lies_among_the_markers_is_no_news(bucket):
    for key in ("work/notes.txt", f"work/{'0' * 32}/file/notes.txt.metadata", f"work/{'0' * 32}/"):
        assert handle(bucket_events.put(bucket.prefix + key)) == {"own": 1}


def test_work_that_cannot_be_done_now_is_raised_so_that_the_event_comes_again(bucket, waiting, monkeypatch):
    session, filename = waiting

    def unavailable(*_: object) -> None:
        raise StoreUnavailable("later")

    event = bucket_events.put(bucket.prefix + keys.work(session.id, filename))
    with monkeypatch.context() as patch:
        patch.setattr(completing, "checked", unavailable)
        with pytest.raises(StoreUnavailable):
            handle(event)
    assert handle(event) == {"done": 1}


def test_reconcile_does_what_no_event_did(waiting):
    session, filename = waiting
    key = keys.work(session.id, filename)
    assert told(run()) == [("unfinished", key, "found")]
    assert told(run(apply=True)) == [("unfinished", key, "mended")]
    assert read.file(session.id, filename).status is FileStatus.COMPLETED
    publishing.publish(session.id, ANA)
    assert told(run(apply=True)) == [("unfinished", keys.work(session.id), "mended")]
    assert list(listed()) == [filename]
    assert told(run()) == []


def test_reconcile_with_another_secret_key_does_nothing_and_does_not_say_that_it_did(waiting, settings):
    session, filename = waiting
    key = keys.work(session.id, filename)
    right = settings.SECRET_KEY
    settings.SECRET_KEY = "the key of another index"
    found = list(run(apply=True))
    assert told(found) == [("unfinished", key, "not mended")]
    assert "secret key" in found[0].sentence
    settings.SECRET_KEY = right
    assert told(run(apply=True)) == [("unfinished", key, "mended")]
    assert read.file(session.id, filename).status is FileStatus.COMPLETED


def test_reconcile_leaves_alone_what_somebody_does_this_moment_or_was_asked_for_just_now(waiting, monkeypatch):
    session, filename = waiting
    with monkeypatch.context() as patch:
        patch.setattr(unfinished, "FRESH", timedelta(minutes=1))
        assert told(run(apply=True)) == []
    real = completing.checked

    def meanwhile(*arguments):
        assert told(run(apply=True)) == [("unfinished", keys.work(session.id, filename), "left alone")]
        return real(*arguments)

    monkeypatch.setattr(completing, "checked", meanwhile)
    unfinished.carry_out(keys.work(session.id, filename))


@pytest.mark.parametrize("error", [StoreUnavailable("later"), TableUnavailable("later")], ids=repr)
def test_reconcile_tells_what_failed_and_goes_on_unless_the_table_is_gone(waiting, monkeypatch, error):
    session, filename = waiting

    def failing(_: str) -> None:
        raise error

    monkeypatch.setattr(unfinished, "carry_out", failing)
    if isinstance(error, TableUnavailable):
        with pytest.raises(TableUnavailable):
            run(apply=True)
    else:
        assert told(run(apply=True)) == [("unfinished", keys.work(session.id, filename), "not mended")]


def test_reconcile_does_not_list_one_by_one_what_a_live_session_lists_together(files, settings):
    """As after a process that was killed between copying a release's files and listing them."""
    session = create.create("demo", "1.0", ANA)
    made = make_sdist()
    put(files, made)
    assert told(run(apply=True)) == [("unlisted", made[0], "left alone")]
    assert listed() == {}
    end.cancel(session.id, ANA)
    assert told(run(apply=True)) == [("unlisted", made[0], "mended")]
