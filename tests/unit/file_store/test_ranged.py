"""A blob is read like any file, by few requests for little more than what is asked for."""

import io
import os
import random
from datetime import UTC, datetime

import pytest

from packages_app.file_store import keys, ranged, read, write
from packages_app.file_store.entries import Blob
from packages_app.file_store.errors import BlobMissing
from packages_app.file_store.ranged import Ranged

KEY = keys.blob("0" * 64, "demo-1.0.tar.gz")
DATA = os.urandom(3_000_001)


@pytest.fixture
def blob(storage):
    write.put_bytes(KEY, DATA)
    return read.stat(KEY)


@pytest.fixture
def requests(monkeypatch):
    """The ranges that are asked for."""
    seen = []
    real = read.stream

    def counting(key: str, start: int, length: int):
        seen.append((start, length))
        return real(key, start, length)

    monkeypatch.setattr(read, "stream", counting)
    return seen


def test_it_reads_as_any_file_does(blob):
    file, same = Ranged(blob), io.BytesIO(DATA)
    assert file.readable()
    assert file.seekable()
    chance = random.Random(694)
    for _ in range(300):
        match chance.randrange(4):
            case 0:
                size = chance.choice([-1, None, 0, 1, 100_000, 2_000_000])
                assert file.read(size) == same.read(size)
            case 1:
                place = chance.randrange(len(DATA) + 10)
                assert file.seek(place) == same.seek(place)
            case 2:
                back = chance.randrange(len(DATA))
                assert file.seek(-back, io.SEEK_END) == same.seek(-back, io.SEEK_END)
            case 3:
                assert file.seek(1, io.SEEK_CUR) == same.seek(1, io.SEEK_CUR)
        assert file.tell() == same.tell()
    with pytest.raises(ValueError, match="beginning"):
        file.seek(-1)


def test_reading_on_takes_ever_larger_ranges_up_to_a_bound(blob, requests, monkeypatch):
    monkeypatch.setattr(ranged, "LARGEST", 512 * 1024)
    file = Ranged(blob)
    while file.read(10_000):
        assert len(file.window) <= 512 * 1024
    sizes = [length for _, length in requests]
    assert sizes[:4] == [64 * 1024, 128 * 1024, 256 * 1024, 512 * 1024]
    assert max(sizes) == 512 * 1024
    assert sum(sizes) == len(DATA)


def test_going_elsewhere_takes_little_again_and_going_back_a_bit_nothing(blob, requests):
    file = Ranged(blob)
    file.seek(2_000_000)
    file.read(30)
    file.seek(2_000_000)
    file.read(1000)
    assert requests == [(2_000_000, 64 * 1024)]
    file.seek(10)
    file.read(30)
    assert requests[1:] == [(10, 64 * 1024)]


def test_other_bytes_than_a_blobs_are_read_as_they_are_fetched():
    elsewhere = Blob(key="ü b+/x", size=len(DATA), modified=datetime.now(UTC))
    file = Ranged(elsewhere, fetch=lambda place, length: [DATA[place : place + length]])
    file.seek(1_000_000)
    assert file.read() == DATA[1_000_000:]


def test_what_vanishes_while_it_is_read_is_told(blob):
    file = Ranged(blob)
    file.read(1)
    write.remove(KEY)
    file.seek(1_000_000)
    with pytest.raises(BlobMissing):
        file.read(1)
