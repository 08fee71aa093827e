"""A session is published whole, can be tried again after any failure, and leaves its trace."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from packages_app.audit.read import events
from packages_app.catalogue import read as catalogue
from packages_app.catalogue.errors import Busy
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import StoreFull
from packages_app.uploads.candidate import Candidate, hashed
from packages_app.uploads.errors import FileExists
from packages_app.uploads.publish import publish as publish_file
from packages_app.uploads.sessions import publish as journey
from packages_app.uploads.sessions import read, write
from packages_app.uploads.sessions.entries import Status
from packages_app.uploads.sessions.errors import SessionBusy
from packages_app.uploads.sessions.publish import publish
from tests.factories import make_sdist, make_wheel, sha256
from tests.unit.uploads.sessions.conftest import ANA, completed


def listed() -> list[str]:
    return [file.filename for file in catalogue.files("demo")]


def test_a_release_is_one_serial_and_one_event(session):
    wheel, sdist = make_wheel(), make_sdist()
    completed(session, wheel)
    completed(session, sdist)
    publish(session.id, ANA)
    [event] = [event for event in events(f"{datetime.now(UTC):%Y-%m}") if event.action == "release.publish"]
    assert (event.actor, event.address, event.source) == ("ana", "192.0.2.7", "session")
    assert (event.project, event.target) == ("demo", "1.0")
    assert event.after == {wheel[0]: sha256(wheel[1]), sdist[0]: sha256(sdist[1])}


def test_what_a_release_has_already_is_asked_for_once_and_not_for_each_file(session, monkeypatch):
    for build in ("1", "2", "3"):
        completed(session, make_wheel(build=build))
    asked = []
    real = catalogue.files_named

    def counting(project: str, beginning: str):
        asked.append((project, beginning))
        return real(project, beginning)

    monkeypatch.setattr(catalogue, "files_named", counting)
    publish(session.id, ANA)
    assert asked == [("demo", "demo-1.0")]
    assert len(listed()) == 3


def test_a_full_disk_lists_nothing_and_the_session_can_be_published_later(session, monkeypatch):
    completed(session, make_wheel())
    completed(session, make_sdist())

    def full(*_: object) -> None:
        raise StoreFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(journey.store, "copy", full)
        with pytest.raises(StoreFull):
            publish(session.id, ANA)
    assert listed() == []
    assert read.find(session.id).status is Status.OPEN
    assert publish(session.id, ANA).status is Status.PUBLISHED


def test_bytes_that_are_not_listed_after_all_are_taken_back(session, monkeypatch):
    completed(session, make_wheel())

    def busy(*_: object, **__: object) -> None:
        raise Busy("later")

    with monkeypatch.context() as patch:
        patch.setattr(journey, "publish_release", busy)
        with pytest.raises(Busy):
            publish(session.id, ANA)
    assert list(store.walk()) == []
    assert publish(session.id, ANA).status is Status.PUBLISHED
    assert [blob.key.rpartition(".")[2] for blob in store.walk()] == ["whl", "metadata"]


def test_work_that_a_killed_process_began_is_taken_up_after_its_lease(session, monkeypatch):
    """It was killed when everything was listed, before the session was closed."""
    completed(session, make_wheel())
    with monkeypatch.context() as patch:
        patch.setattr(write, "end", lambda *_: True)
        patch.setattr(journey.staging, "drop", lambda _: None)
        assert publish(session.id, ANA).status is Status.PROCESSING
    with pytest.raises(SessionBusy):
        publish(session.id, ANA)
    monkeypatch.setattr(write, "lapsed", lambda: read.lapsed() * 2)
    serial = catalogue.project("demo").serial
    assert publish(session.id, ANA).status is Status.PUBLISHED
    assert catalogue.project("demo").serial == serial
    assert list(store.walk("staging")) == []


def test_of_many_who_publish_at_once_all_get_the_same_release(session):
    completed(session, make_wheel())
    completed(session, make_sdist())
    together = Barrier(6)

    def attempt(_: int) -> str:
        together.wait(10)
        try:
            return publish(session.id, ANA).status.value
        except SessionBusy:
            return "busy"

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(attempt, range(6)))
    assert answers <= {"published", "busy"}
    assert "published" in answers
    assert len(listed()) == 2
    assert len([event for event in events(f"{datetime.now(UTC):%Y-%m}") if event.action == "release.publish"]) == 1


def test_of_a_session_and_a_plain_upload_at_once_each_name_has_one_winner(session, candidate):
    """Whoever wins, what is listed has its bytes, and the loser was told."""
    wheel, sdist = make_wheel(), make_sdist()
    completed(session, wheel)
    completed(session, sdist)
    other = make_wheel(content=b"other")[1]
    together = Barrier(2)

    def by_session() -> str:
        together.wait(10)
        try:
            return publish(session.id, ANA).status.value
        except FileExists:
            return "conflict"

    def plainly() -> str:
        together.wait(10)
        try:
            return publish_file(candidate(wheel[0], other)).outcome.name
        except FileExists:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        answers = [future.result() for future in (pool.submit(by_session), pool.submit(plainly))]
    files = {file.filename: file.sha256 for file in catalogue.files("demo")}
    if answers == ["published", "conflict"]:
        assert files == {wheel[0]: sha256(wheel[1]), sdist[0]: sha256(sdist[1])}
    else:
        assert answers == ["conflict", "CREATED"]
        assert files == {wheel[0]: sha256(other)}
    for filename, digest in files.items():
        store.stat(keys.blob(digest, filename))


@pytest.fixture
def candidate(tmp_path):
    def make(filename: str, data: bytes) -> Candidate:
        path = tmp_path / "spooled"
        path.write_bytes(data)
        digests = hashed([data]).digests()
        return Candidate(filename=filename, path=path, size=len(data), digests=digests, principal=ANA, source="test")

    return make
