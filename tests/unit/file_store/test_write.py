"""Both homes keep what is put, replace it in one step, and forget what is removed."""

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.file_store import keys, parts, read, s3_stream, write
from packages_app.file_store.errors import BadKey, BlobMissing
from packages_app.file_store.spool import spooled

MB = 1024**2
DATA = b"the bytes of a wheel"
DIGEST = hashlib.sha256(DATA).hexdigest()
NAMES = {
    "a plain one": "demo-1.0-py3-none-any.whl",
    "a local version": "demo-1.0+cu121-py3-none-any.whl",
    "an epoch": "demo-1!1.0-py3-none-any.whl",
    "both": "demo-1!1.0+a.b-1_x-cp311.cp312-abi3.none-any.whl",
    "as long as it gets": "d" * 233 + ".tar.gz",
}


def put(key, data):
    with spooled() as spool:
        spool.file.write(data)
        spool.file.flush()
        write.put_file(key, spool.path)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_is_kept_under_a_name_that_is(storage, name):
    put(keys.blob(DIGEST, name), DATA)
    write.put_bytes(keys.attestations(DIGEST, name), b"[]")
    assert read.read(keys.blob(DIGEST, name), 100) == DATA
    assert [blob.key for blob in read.walk()] == [keys.blob(DIGEST, name), keys.attestations(DIGEST, name)]
    write.remove(keys.blob(DIGEST, name))
    write.remove(keys.attestations(DIGEST, name))
    assert list(read.walk()) == []


@pytest.mark.parametrize("sizes", [[], [0], [5, 0, 7], [3 * MB] * 5], ids=["nothing", "an empty chunk", "few", "parts"])
def test_a_stream_is_stored_when_it_has_come_to_its_end(storage, sizes, monkeypatch):
    monkeypatch.setattr(s3_stream, "PART", 5 * MB)
    chunks = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    write.put_stream("packages/stream", iter(chunks))
    assert read.read("packages/stream", 16 * MB) == b"".join(chunks)


@pytest.mark.parametrize("before", [1, 5], ids=["at once", "after parts"])
def test_a_stream_that_ends_in_an_error_stores_nothing(storage, before, monkeypatch):
    monkeypatch.setattr(s3_stream, "PART", 150)

    def broken():
        yield from [b"x" * 100] * before
        raise LookupError("the source broke off")

    with pytest.raises(LookupError):
        write.put_stream("packages/stream", broken())
    assert list(read.walk()) == []
    assert list(parts.unfinished("packages")) == []


def test_an_empty_blob_is_a_blob(storage):
    write.put_bytes("packages/empty", b"")
    assert read.read("packages/empty", 0) == b""
    assert read.stat("packages/empty").size == 0


def test_putting_again_replaces_and_renews(storage):
    key = keys.metadata(DIGEST, "demo.whl")
    write.put_bytes(key, b"first")
    before = read.stat(key).modified
    write.put_bytes(key, b"second")
    assert read.read(key, 100) == b"second"
    assert read.stat(key).modified >= before


def test_a_file_counts_from_when_it_was_put_not_from_when_it_began_to_arrive(storage, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(DATA)
    os.utime(source, (0, 0))
    write.put_file(keys.blob(DIGEST, "demo.whl"), source)
    age = datetime.now(UTC) - read.stat(keys.blob(DIGEST, "demo.whl")).modified
    assert abs(age) < timedelta(minutes=1)


def test_removing_what_is_not_there_is_fine(storage):
    write.remove(keys.blob(DIGEST, "demo.whl"))


def test_removing_one_leaves_its_neighbour(storage):
    write.put_bytes(keys.blob(DIGEST, "demo.whl"), DATA)
    write.put_bytes(keys.metadata(DIGEST, "demo.whl"), b"Name: demo")
    write.remove(keys.blob(DIGEST, "demo.whl"))
    assert [blob.key for blob in read.walk()] == [keys.metadata(DIGEST, "demo.whl")]
    with pytest.raises(BlobMissing):
        read.stat(keys.blob(DIGEST, "demo.whl"))


def put_at_once(writers):
    """Put each key and bytes from a thread of its own, all at the same time."""
    ready = threading.Barrier(len(writers))

    def writer(key, data):
        ready.wait()
        put(key, data)

    with ThreadPoolExecutor(len(writers)) as pool:
        for done in [pool.submit(writer, key, data) for key, data in writers]:
            done.result()


def test_sixteen_writers_of_sixteen_keys_all_succeed(storage):
    writers = [(keys.metadata(DIGEST, f"demo{number:02}.whl"), b"%d" % number) for number in range(16)]
    put_at_once(writers)
    assert [(blob.key, read.read(blob.key, 10)) for blob in read.walk()] == writers


def test_sixteen_writers_of_one_key_leave_one_whole_blob(local):
    # Only here: for S3 this is S3's promise, and its stand-in shares one buffer between writers of a key.
    key = keys.metadata(DIGEST, "demo.whl")
    put_at_once([(key, bytes([number]) * 50_000) for number in range(16)])
    data = read.read(key, 50_000)
    assert len(data) == 50_000
    assert len(set(data)) == 1
    assert [blob.key for blob in read.walk()] == [key]


ESCAPES = ["../outside", "packages/../../outside", "/etc/outside", "packages/\0", "packages/é", ""]


WRITERS = {
    "put_bytes": lambda key, source: write.put_bytes(key, source.read_bytes()),
    "put_file": write.put_file,
    "remove": lambda key, source: write.remove(key),
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_no_write_leaves_the_store(storage, tmp_path, writer):
    source = tmp_path / "source"
    source.write_bytes(DATA)
    for key in ESCAPES:
        with pytest.raises(BadKey):
            writer(key, source)
    assert source.read_bytes() == DATA


def test_a_copy_is_another_blob_of_the_same_bytes(storage):
    source, target = keys.staged("0" * 32, DIGEST, "demo.whl"), keys.blob(DIGEST, "demo.whl")
    put(source, DATA)
    write.copy(source, target)
    write.copy(source, target)  # once more over itself
    assert (read.read(source, 100), read.read(target, 100)) == (DATA, DATA)
    write.remove(source)
    assert read.read(target, 100) == DATA
    assert [blob.key for blob in read.walk("staging")] == []


def test_what_is_missing_is_not_copied(storage):
    with pytest.raises(BlobMissing):
        write.copy(keys.staged("0" * 32, DIGEST, "demo.whl"), keys.blob(DIGEST, "demo.whl"))


def test_a_file_system_without_hard_links_copies_the_bytes(local, monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.hardlink_to", refused)
    source, target = keys.staged("0" * 32, DIGEST, "demo.whl"), keys.blob(DIGEST, "demo.whl")
    put(source, DATA)
    write.copy(source, target)
    assert read.read(target, 100) == DATA


def test_a_copy_leaves_no_temporary_name(local, tmp_path):
    source, target = keys.staged("0" * 32, DIGEST, "demo.whl"), keys.blob(DIGEST, "demo.whl")
    put(source, DATA)
    write.copy(source, target)
    write.copy(source, target)
    assert list((tmp_path / "files" / ".incoming").iterdir()) == []
