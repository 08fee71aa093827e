"""Both homes give back what was put: records, ranges, whole blobs, and all of them in key order."""

import hashlib

import pytest

from packages_app.file_store import keys, read, write
from packages_app.file_store.errors import BadKey, BlobMissing, BlobTooLarge, StoreUnavailable

DATA = bytes(range(256)) * 40
KEY = keys.blob(hashlib.sha256(DATA).hexdigest(), "demo-1.0.tar.gz")


@pytest.fixture
def kept(storage):
    write.put_bytes(KEY, DATA)
    return storage


def test_a_record_says_size_and_time_in_utc(kept):
    blob = read.stat(KEY)
    assert (blob.key, blob.size) == (KEY, len(DATA))
    assert blob.modified.utcoffset().total_seconds() == 0


def test_an_opened_blob_can_be_sought_in(kept):
    with read.open(KEY) as opened:
        assert opened.seekable()
        opened.seek(-10, 2)
        assert opened.read() == DATA[-10:]
        opened.seek(0)
        assert opened.read() == DATA


RANGES = {
    "everything": (0, len(DATA)),
    "the first byte": (0, 1),
    "the last byte": (len(DATA) - 1, 1),
    "a middle that is no multiple of chunks": (777, 3333),
    "nothing": (5, 0),
}


@pytest.mark.parametrize(("start", "length"), RANGES.values(), ids=RANGES)
def test_a_range_is_streamed(kept, start, length):
    chunks = list(read.stream(KEY, start, length, chunk=1000))
    assert b"".join(chunks) == DATA[start : start + length]
    assert all(len(chunk) <= 1000 for chunk in chunks)


def test_a_stream_that_was_read_closes_its_file(local):
    write.put_bytes(KEY, DATA)
    stream = read.stream(KEY, 0, len(DATA))
    source = stream.source
    assert b"".join(stream) == DATA
    assert source.closed


def test_a_stream_that_nobody_began_closes_its_file(local):
    write.put_bytes(KEY, DATA)
    stream = read.stream(KEY, 0, len(DATA))
    source = stream.source
    stream.close()
    stream.close()
    assert source.closed
    assert list(stream) == []


def test_a_blob_that_ends_too_early_is_no_whole_answer(local):
    write.put_bytes(KEY, DATA)
    stream = read.stream(KEY, 0, len(DATA) + 1)
    source = stream.source
    with pytest.raises(StoreUnavailable):
        list(stream)
    assert source.closed


def test_a_disk_that_fails_while_streaming_is_told(local):
    class Failing:
        closed = False

        def read(self, size):
            raise OSError(5, "Input/output error")

        def close(self):
            self.closed = True

    source = Failing()
    stream = read.Stream(local, source, 10, 10)
    with pytest.raises(StoreUnavailable):
        next(stream)
    assert source.closed


def test_a_small_blob_is_read_whole(kept):
    assert read.read(KEY, len(DATA)) == DATA


def test_a_blob_over_the_limit_is_refused_not_cut(kept):
    with pytest.raises(BlobTooLarge):
        read.read(KEY, len(DATA) - 1)


READERS = {
    "stat": read.stat,
    "open": read.open,
    "stream": lambda key: read.stream(key, 0, 1),
    "read": lambda key: read.read(key, 10),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_what_is_not_there_is_missing_at_once(storage, reader):
    with pytest.raises(BlobMissing):
        reader(KEY)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_folder_is_no_blob(kept, reader):
    with pytest.raises(BlobMissing):
        reader(KEY.rpartition("/")[0])


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_no_read_leaves_the_store(storage, reader):
    for key in ("../outside", "packages/../../outside", "/etc/passwd", "packages/\0", "packages/é", ""):
        with pytest.raises(BadKey):
            reader(key)


def test_an_empty_store_has_nothing_to_walk(storage):
    assert list(read.walk()) == []


def test_a_walk_goes_in_key_order_and_shows_strangers(storage):
    put = [
        "packages/a!",
        "packages/a/z",
        "packages/a+/z",
        "packages/a-b",
        "packages/a0",
        "packages/B/x",
        "packages/b",
        "packages/a/deeper/still",
        KEY,
        KEY + ".metadata",
    ]
    for key in put:
        write.put_bytes(key, b"x")
    write.put_bytes("other/a", b"x")
    assert [blob.key for blob in read.walk()] == sorted(put)


@pytest.mark.parametrize("after", ["", "packages/a!", "packages/a/x", "packages/a/y", "packages/b", "packages/zz", "q"])
def test_a_walk_begins_behind_a_key(storage, after):
    everything = ["packages/a!/x", "packages/a/x", "packages/a/y", "packages/a0/x", "packages/b/x"]
    for key in everything:
        write.put_bytes(key, b"x")
    assert [blob.key for blob in read.walk(after=after)] == [key for key in everything if key > after]
