"""Puts blobs into the store and removes them: durable when it returns, all or nothing for readers."""

from pathlib import Path

from packages_app.file_store import keys
from packages_app.file_store.storage import packages


def put_file(key: str, source: Path) -> None:
    """Store a file; it replaces a blob of this key, whose modification time is thereby now.

    ``source`` is used up: local storage moves it where it can, and S3 leaves it to its owner.

    Raises:
        BadKey: the key could lead out of the store.
        StoreFull: there is no room left.
        StoreUnavailable: the disk or bucket refuses.
    """
    keys.check(key)
    storage = packages()
    with storage.writing():
        storage.put_file(key, source)


def put_bytes(key: str, data: bytes) -> None:
    """Store bytes; they replace a blob of this key, whose modification time is thereby now.

    Raises:
        BadKey: the key could lead out of the store.
        StoreFull: there is no room left.
        StoreUnavailable: the disk or bucket refuses.
    """
    keys.check(key)
    storage = packages()
    with storage.writing():
        storage.put_bytes(key, data)


def remove(key: str) -> None:
    """Remove a blob; one that is not there is fine.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: the disk or bucket refuses.
    """
    keys.check(key)
    storage = packages()
    with storage.writing():
        storage.remove(key)
