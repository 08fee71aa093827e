"""Gives stored bytes as a local file with their digests, whichever home they are in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import storages

from packages_app.file_store import read as store
from packages_app.file_store.errors import reported
from packages_app.file_store.spool import spooled
from packages_app.file_store.storage import ALIAS
from packages_app.uploads.candidate import Digests, Hasher, hashed


@contextmanager
def at_hand(key: str, known: Digests | None = None) -> Iterator[tuple[Path, Digests]]:
    """Give a blob as a local file, and its digests; from S3 it is copied to the spool.

    Digests that are ``known`` from when the bytes came in are taken as they are; without, the bytes are hashed.

    Raises:
        BlobMissing: there is no such blob.
        StoreUnavailable: the disk or bucket refuses.
    """
    size = store.stat(key).size
    try:
        path = Path(storages[ALIAS].path(key))
    except NotImplementedError:  # how Django's storages say that they have no local files
        hasher = Hasher()
        with spooled() as spool:
            for chunk in store.stream(key, 0, size):
                hasher.update(chunk)
                with reported():
                    spool.file.write(chunk)
            with reported():
                spool.file.flush()
            yield spool.path, hasher.digests()
    else:
        yield path, known or hashed(store.stream(key, 0, size)).digests()
