"""A session is published whole, can be tried again after any failure, and leaves its trace."""

from datetime import UTC, datetime

import pytest

from packages_app.audit.read import events
from packages_app.catalogue import read as catalogue
from packages_app.catalogue.errors import Busy
from packages_app.file_store import read as store
from packages_app.file_store.errors import StoreFull
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
