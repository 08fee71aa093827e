"""Stores large blobs in parts that come one by one, in any order, and joins them; what broke off can go on."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from packages_app.file_store.entries import Part, Unfinished, UploadLink
from packages_app.file_store.links import LONGEST_LINK
from packages_app.file_store.storage import packages, reading, writing


def begin(key: str) -> str:
    """Return the name of a new upload of a blob in parts.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: the disk or bucket refuses.
    """
    with writing(key) as storage:
        return storage.parts().begin(key)


def is_begun(key: str, upload: str) -> bool:
    """Return whether an upload takes parts; S3 forgets those that nobody finishes.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: the bucket refuses.
    """
    with reading(key) as storage:
        return storage.parts().is_begun(key, upload)


def link(key: str, upload: str, part: Part, *, sha256: str, expires: int) -> UploadLink | None:
    """Return how to PUT exactly these bytes as a part for so many seconds, or None where this server takes them.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: there are no credentials to sign with.
    """
    with reading(key) as storage:
        return storage.parts().link(key, upload, part, sha256, min(expires, LONGEST_LINK))


def put(key: str, number: int, source: Path) -> None:
    """Store a part, in the place of an earlier one of this number; only where `link` returns None.

    Raises:
        BadKey: the key could lead out of the store.
        StoreFull: there is no room left.
        StoreUnavailable: the disk refuses.
    """
    with writing(key) as storage:
        storage.parts().put(key, number, source)


def received(key: str, upload: str) -> list[Part]:
    """Return the parts that are stored, by their numbers; an upload that is not there has none.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: the disk or bucket refuses.
    """
    with reading(key) as storage:
        return storage.parts().received(key, upload)


def join(key: str, upload: str, parts: Sequence[Part]) -> None:
    """Make these parts the blob, with flat memory; it replaces what the key held.

    Raises:
        BadKey: the key could lead out of the store.
        BlobMissing: the upload, or one of the parts, is not there any more.
        StoreFull: there is no room left.
        StoreUnavailable: the disk or bucket refuses.
    """
    with reading(key) as storage:
        storage.parts().join(key, upload, parts)


def drop(key: str, upload: str) -> None:
    """Remove the parts of an upload; one that is not there is fine.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: the disk or bucket refuses.
    """
    with writing(key) as storage:
        storage.parts().drop(key, upload)


def unfinished(folder: str) -> Iterator[Unfinished]:
    """Yield the uploads below a folder of keys that were begun, and of which `read.walk` shows nothing.

    Raises:
        StoreUnavailable: the bucket refuses.
    """
    storage = packages()
    found = storage.parts().unfinished(folder)
    while True:
        with storage.reading():
            upload = next(found, None)
        if upload is None:
            return
        yield upload
