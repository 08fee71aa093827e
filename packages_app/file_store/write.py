"""Puts blobs into the store and removes them: durable when it returns, all or nothing for readers."""

from collections.abc import Iterator
from pathlib import Path

from packages_app.file_store.ranged import Told
from packages_app.file_store.storage import reading, writing


def put_file(key: str, source: Path) -> None:
    """Store a file; it replaces a blob of this key, whose modification time is thereby now.

    ``source`` is used up: local storage moves it where it can, and S3 leaves it to its owner.

    Raises:
        BadKey: the key could lead out of the store.
        StoreFull: there is no room left.
        StoreUnavailable: the disk or bucket refuses.
    """
    with writing(key) as storage:
        storage.put_file(key, source)


def put_bytes(key: str, data: bytes) -> None:
    """Store bytes; they replace a blob of this key, whose modification time is thereby now.

    Raises:
        BadKey: the key could lead out of the store.
        StoreFull: there is no room left.
        StoreUnavailable: the disk or bucket refuses.
    """
    with writing(key) as storage:
        storage.put_bytes(key, data)


def put_stream(key: str, chunks: Iterator[bytes]) -> None:
    """Store bytes as they come, with flat memory; where they end in an error, that is raised and nothing is stored.

    Raises:
        BadKey: the key could lead out of the store.
        StoreFull: there is no room left.
        StoreUnavailable: the disk or bucket refuses.
    """
    with writing(key) as storage:
        storage.put_stream(key, chunks)


def copy(key: str, target: str, told: Told | None = None) -> None:
    """Store a blob's bytes under a second key as well; they replace what the target held.

    Where that takes a while, ``told`` is called as it goes on, from any thread.

    Raises:
        BadKey: a key could lead out of the store.
        BlobMissing: there is no such blob.
        StoreFull: there is no room left.
        StoreUnavailable: the disk or bucket refuses.
    """
    with reading(key, target) as storage:
        storage.copy(key, target, told)


def remove(key: str) -> None:
    """Remove a blob; one that is not there is fine.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: the disk or bucket refuses.
    """
    with writing(key) as storage:
        storage.remove(key)
