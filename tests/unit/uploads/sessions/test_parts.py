"""Parts of a file whose joining somebody else did, or that change hands while they come in."""

import os
from dataclasses import replace
from io import BytesIO

import pytest

from packages_app.file_store import parts as store_parts
from packages_app.uploads.sessions import cut, parts, read, staging, upload, write_files
from packages_app.uploads.sessions.complete import complete
from packages_app.uploads.sessions.end import cancel_file
from packages_app.uploads.sessions.entries import FileStatus, NewFile, NewPart
from packages_app.uploads.sessions.errors import NotReceived, SessionClosed
from tests.factories import make_wheel, sha256
from tests.unit.uploads.sessions.conftest import ANA

PART = 1024


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(cut, "SMALLEST", PART)
    monkeypatch.setattr(cut, "MIB", 1024)


@pytest.fixture
def made():
    return make_wheel(content=os.urandom(2 * PART))


@pytest.fixture
def file(session, made):
    """A file that waits for its parts."""
    filename, data = made
    wanted = NewFile(
        filename=filename,
        size=len(data),
        hashes={"sha256": sha256(data)},
        mechanism="vnd-elasticpypi-multipart-presigned",
    )
    upload.begin(session.id, wanted, ANA)
    found, _ = parts.wanted(session.id, filename, [], ANA)
    return read.file(session.id, found.filename)


def send(file, data: bytes) -> None:
    for number in range(1, cut.count(file) + 1):
        piece = data[(number - 1) * PART : number * PART]
        parts.receive(file, NewPart(number=number, sha256=sha256(piece)), BytesIO(piece).read, len(piece))


def test_parts_that_were_joined_are_not_asked_for_again(session, file, made):
    """As after a process that was killed between joining and checking."""
    send(file, made[1])
    parts.join(file)
    assert len(parts.received(session.id, file.filename, ANA)[1]) == cut.count(file)
    parts.join(file)
    assert complete(session.id, file.filename, ANA).status is FileStatus.COMPLETED


def test_two_that_join_at_the_same_time_both_find_the_file(file, made, monkeypatch):
    send(file, made[1])
    found = store_parts.received(staging.key(file), file.upload)
    parts.join(file)
    monkeypatch.setattr(store_parts, "received", lambda *_: found)
    parts.join(file)
    staging.drop_file(replace(file, upload=""))
    with pytest.raises(NotReceived, match="vanished"):
        parts.join(file)


def test_a_part_of_a_file_that_was_canceled_while_it_came_in_is_not_kept(session, file, made):
    piece = made[1][:PART]
    body = BytesIO(piece)

    def slow(size: int) -> bytes:
        cancel_file(session.id, file.filename, ANA)
        return body.read(size)

    with pytest.raises(SessionClosed):
        parts.receive(file, NewPart(number=1, sha256=sha256(piece)), slow, len(piece))
    assert store_parts.received(staging.key(file), file.upload) == []


def test_of_two_that_begin_an_upload_at_once_one_gives_way(file, monkeypatch):
    fresh = iter(["second", "third"])
    dropped = []
    monkeypatch.setattr(store_parts, "begin", lambda _: next(fresh))
    monkeypatch.setattr(store_parts, "drop", lambda _, name: dropped.append(name))
    stale = replace(file, upload="")  # as read before the first one noted its own
    assert parts.begun(stale) == file.upload
    assert dropped == ["second"]
    assert write_files.note_upload(file, "third")
