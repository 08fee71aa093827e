"""Reads blobs: their records, their bytes whole or in ranges, and all of them in key order."""

from collections.abc import Iterator
from typing import BinaryIO

from packages_app.file_store import keys
from packages_app.file_store.entries import Blob
from packages_app.file_store.errors import BlobTooLarge, StoreUnavailable
from packages_app.file_store.storage import PackagesStorage, Source, packages, reading

CHUNK = 256 * 1024
"""Bytes handed on at once while a blob is streamed."""


def stat(key: str) -> Blob:
    """Return a blob's record.

    Raises:
        BadKey: the key could lead out of the store.
        BlobMissing: there is no such blob.
        StoreUnavailable: the disk or bucket refuses.
    """
    with reading(key) as storage:
        return storage.stat(key)


def open(key: str) -> BinaryIO:  # noqa: A001 - read.open(key) says what it does
    """Return a blob as a seekable file, which the caller closes; from S3 only what is read is fetched.

    Raises:
        BadKey: the key could lead out of the store.
        BlobMissing: there is no such blob.
        StoreUnavailable: the disk or bucket refuses.
    """
    with reading(key) as storage:
        return storage.opened(key)


def stream(key: str, start: int, length: int, chunk: int = CHUNK) -> "Stream":
    """Return ``length`` bytes from ``start`` as an iterator of chunks; what can be refused is refused here.

    Raises:
        BadKey: the key could lead out of the store.
        BlobMissing: there is no such blob.
        StoreUnavailable: the disk or bucket refuses; also in the middle, and when the blob ends too early.
    """
    with reading(key) as storage:
        source = storage.source(key, start, length) if length > 0 else None
    return Stream(storage, source, length, chunk)


def read(key: str, limit: int) -> bytes:
    """Return a small blob whole.

    Raises:
        BadKey: the key could lead out of the store.
        BlobMissing: there is no such blob.
        BlobTooLarge: it holds more than ``limit`` bytes.
        StoreUnavailable: the disk or bucket refuses.
    """
    with reading(key) as storage:
        source = storage.source(key)
        try:
            data = source.read(limit + 1)
        finally:
            source.close()
    if len(data) > limit:
        raise BlobTooLarge(f"A file kept by this index is larger than the {limit} bytes it can have: it was damaged.")
    return data


def walk(folder: str = keys.ROOT, after: str = "") -> Iterator[Blob]:
    """Yield everything under ``packages/`` (or another folder) in key order, also what ``keys.parse`` does not know.

    What is put or removed meanwhile may or may not be among it. With ``after``, only keys that come after that one.

    Raises:
        StoreUnavailable: the disk or bucket refuses.
    """
    storage = packages()
    found = storage.walk(folder, after)
    while True:
        with storage.reading():
            blob = next(found, None)
        if blob is None:
            return
        yield blob


class Stream(Iterator[bytes]):
    """A range of a blob's bytes; closes what it reads from at its end, or when the server lets go of it.

    A class and not a generator: a generator that was never started would not close anything.
    """

    def __init__(self, storage: PackagesStorage, source: Source | None, length: int, chunk: int) -> None:
        self.storage = storage
        self.source = source
        self.left = length
        self.chunk = chunk

    def __next__(self) -> bytes:
        """Return the next chunk."""
        if self.source is None or self.left <= 0:
            self.close()
            raise StopIteration
        data = b""
        try:
            with self.storage.reading():
                data = self.source.read(min(self.chunk, self.left))
        finally:
            if not data:
                self.close()
        if not data:
            # The length was announced already: ending quietly would pass for a whole answer.
            raise StoreUnavailable("A file kept by this index ends before its length: it was damaged.")
        self.left -= len(data)
        return data

    def close(self) -> None:
        """Let go of the file or connection behind it; once is enough, more often is fine."""
        if self.source is not None:
            self.source.close()
            self.source = None
