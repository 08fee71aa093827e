"""Bytes come in as they were announced, or leave nothing."""

from io import BytesIO

import pytest

from packages_app.file_store import read as store
from packages_app.file_store.errors import StoreFull
from packages_app.uploads.errors import BadDigest
from packages_app.uploads.sessions import read, upload, write_files
from packages_app.uploads.sessions.entries import FileStatus, Mechanism
from packages_app.uploads.sessions.errors import SessionClosed, TooManyFiles, UnknownMechanism, WrongSize
from tests.factories import make_wheel
from tests.unit.uploads.sessions.conftest import begin, sent


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param(lambda data: data[:-1], WrongSize, id="they end too early"),
        pytest.param(lambda data: data + b"x", WrongSize, id="they go on"),
        pytest.param(lambda data: bytes(reversed(data)), BadDigest, id="they are others"),
    ],
)
def test_bytes_are_refused_where(session, change, error):
    wheel = make_wheel()
    file = begin(session, wheel)
    with pytest.raises(error):
        upload.receive(file, BytesIO(change(wheel[1])).read, file.size)
    assert list(store.walk("staging")) == []


def test_the_same_bytes_can_be_sent_twice(session):
    wheel = make_wheel()
    file = sent(session, wheel)
    upload.receive(file, BytesIO(wheel[1]).read, file.size)
    assert len(list(store.walk("staging"))) == 1
    assert read.file(session.id, file.filename).received.sha256 == file.sha256


def test_a_full_disk_is_told_and_the_bytes_can_be_sent_again(session, monkeypatch):
    wheel = make_wheel()
    file = begin(session, wheel)

    def full(*_: object) -> None:
        raise StoreFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(upload.store, "put_file", full)
        with pytest.raises(StoreFull):
            upload.receive(file, BytesIO(wheel[1]).read, file.size)
    upload.receive(file, BytesIO(wheel[1]).read, file.size)


def test_a_file_canceled_meanwhile_takes_no_bytes(session):
    wheel = make_wheel()
    file = begin(session, wheel)
    write_files.cancel_file(file)
    with pytest.raises(SessionClosed):
        upload.receive(file, BytesIO(wheel[1]).read, file.size)


def test_bytes_of_an_earlier_announcement_are_not_taken_for_those_of_the_next(session):
    wheel = make_wheel(content=b"before")
    before = begin(session, wheel)
    write_files.cancel_file(before)
    begin(session, make_wheel(content=b"after"))
    with pytest.raises(SessionClosed):
        upload.receive(before, BytesIO(wheel[1]).read, before.size)
    assert read.file(session.id, before.filename).received is None


def test_a_session_takes_so_many_names_and_those_it_has_again(session, monkeypatch):
    monkeypatch.setattr(upload, "MOST_FILES", 2)
    first = begin(session, make_wheel())
    begin(session, make_wheel(build="1"))
    write_files.cancel_file(first)
    with pytest.raises(TooManyFiles):
        begin(session, make_wheel(build="2"))
    assert [file.filename for file in read.files(session.id) if file.status is FileStatus.PENDING] == [
        make_wheel(build="1")[0]
    ]
    assert begin(session, make_wheel()).filename == first.filename


def test_bytes_come_in_the_way_that_was_announced(session):
    file = begin(session, make_wheel())
    assert upload.pending(file, Mechanism.POST) is file
    with pytest.raises(UnknownMechanism):
        upload.pending(file, Mechanism.PUT)
