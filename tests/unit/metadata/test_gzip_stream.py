"""Reading a gzip file forward only: what a tar reader asks of it, and what it must not get."""

import gzip
import io
import random

import pytest

from packages_app.metadata import gzip_stream
from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.gzip_stream import Inflated
from packages_app.metadata.limits import CHUNK, FREE_EXPANSION, HIGHEST_RATIO, most_expanded

DATA = random.Random(1).randbytes(3 * CHUNK + 17)


def inflated(data: bytes = DATA, *, packed: bytes | None = None) -> Inflated:
    packed = gzip.compress(data, 1) if packed is None else packed
    return Inflated(io.BytesIO(packed), len(packed))


@pytest.mark.parametrize("size", [1000, CHUNK, CHUNK + 1, len(DATA), len(DATA) + 1])
def test_it_is_read_in_pieces_of_any_size(size):
    stream = inflated()
    pieces = list(iter(lambda: stream.read(size), b""))
    assert b"".join(pieces) == DATA
    assert {len(piece) for piece in pieces[:-1]} <= {size}
    assert stream.tell() == len(DATA)


@pytest.mark.parametrize("offset", [0, 5, CHUNK - 1, CHUNK, 2 * CHUNK + 3])
def test_it_goes_forward(offset):
    stream = inflated()
    assert (stream.seek(offset), stream.tell(), stream.read(9)) == (offset, offset, DATA[offset : offset + 9])


def test_it_does_not_go_behind_its_end_or_back():
    stream = inflated()
    assert stream.seek(len(DATA) + 1) == len(DATA)
    for offset, whence in ((0, io.SEEK_SET), (len(DATA), io.SEEK_CUR), (len(DATA), io.SEEK_END)):
        with pytest.raises(UnsoundArchive, match="not one after the other"):
            stream.seek(offset, whence)


@pytest.mark.parametrize("size", [-1, None])
def test_nobody_reads_all_of_it_at_once(size):
    with pytest.raises(UnsoundArchive):
        inflated().read(size)


def test_what_is_cut_off_is_told_and_not_taken_for_the_end():
    packed = gzip.compress(DATA, 1)
    with pytest.raises(UnsoundArchive, match="cut off"):
        inflated(packed=packed[:-1]).seek(len(DATA) + 1)


def test_what_grows_beyond_measure_is_given_up(monkeypatch):
    monkeypatch.setattr(gzip_stream, "most_expanded", lambda _: 1000)
    assert inflated(b"x" * 1000).read(2000) == b"x" * 1000
    with pytest.raises(UnsoundArchive, match="bomb"):
        inflated(b"x" * 1001).read(2000)


@pytest.mark.parametrize(
    ("packed", "most"),
    [
        pytest.param(0, FREE_EXPANSION, id="a small archive may grow to a fixed size"),
        pytest.param(FREE_EXPANSION, HIGHEST_RATIO * FREE_EXPANSION, id="a large one by a fixed ratio"),
    ],
)
def test_an_archive_may_grow_so_far(packed, most):
    assert most_expanded(packed) == most


@pytest.mark.parametrize(
    ("behind", "packed_behind", "sound"),
    [
        pytest.param(b"\0" * 2000, b"", True, id="padding of the tar"),
        pytest.param(b"\0" * 2000 + b"x", b"", False, id="more than padding"),
        pytest.param(b"", b"\0", False, id="a byte behind the stream"),
        pytest.param(b"", gzip.compress(b""), False, id="another stream"),
    ],
)
def test_nothing_but_padding_comes_behind_the_tar(behind, packed_behind, sound):
    stream = inflated(packed=gzip.compress(b"tar" + behind) + packed_behind)
    assert stream.read(3) == b"tar"
    if sound:
        stream.finish()
        return
    with pytest.raises(UnsoundArchive, match="bytes after the end"):
        stream.finish()
