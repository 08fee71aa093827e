"""Both homes keep what is put, replace it in one step, and forget what is removed."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.file_store import keys, read, write
from packages_app.file_store.errors import BadKey, BlobMissing
from packages_app.file_store.spool import spooled

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
    import os  # noqa: PLC0415 - only this test sets a clock back

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


def test_sixteen_writers_of_one_key_leave_one_whole_blob(storage):
    key = keys.metadata(DIGEST, "demo.whl")
    ready = threading.Barrier(16)
    failures = []

    def writer(number):
        try:
            ready.wait()
            put(key, bytes([number]) * 50_000)
        except Exception as error:  # noqa: BLE001 - a thread's error would be lost
            failures.append(error)

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    data = read.read(key, 50_000)
    assert len(data) == 50_000
    assert len(set(data)) == 1
    assert [blob.key for blob in read.walk()] == [key]


ESCAPES = ["../outside", "packages/../../outside", "/etc/outside", "packages/\0", "packages/é", ""]


@pytest.mark.parametrize("key", ESCAPES)
def test_no_write_leaves_the_store(storage, tmp_path, key):
    source = tmp_path / "source"
    source.write_bytes(DATA)
    for operation in (
        lambda: write.put_bytes(key, DATA),
        lambda: write.put_file(key, source),
        lambda: write.remove(key),
    ):
        with pytest.raises(BadKey):
            operation()
    assert source.read_bytes() == DATA
