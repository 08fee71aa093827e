"""Gives stored bytes as a file with their digests, whichever home they are in."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import storages

from packages_app.file_store import read as store
from packages_app.file_store.entries import Blob
from packages_app.file_store.errors import reported
from packages_app.file_store.ranged import Told
from packages_app.file_store.spool import spooled
from packages_app.file_store.storage import ALIAS
from packages_app.uploads.candidate import Digests, Hasher, Remote, hashed

LARGE = 64 * 1024**2
"""Bytes from which on a blob is not copied from S3: a function's disk is small."""
NEEDED = ("sha256", "blake2_256", "md5")


@contextmanager
def at_hand(
    key: str, known: Digests | None = None, needed: Collection[str] = NEEDED, beat: Told | None = None
) -> Iterator[tuple[Path | Remote, Digests]]:
    """Give a blob as a file, and its digests; from S3 it is copied to the spool, unless it is large.

    Digests that are ``known`` from when the bytes came in are taken as they are; without, the bytes are hashed. A
    large blob on S3 stays there. It is hashed as it streams by, except where S3 says its sha256 and no other digest is
    ``needed``: those it does not know are empty then. ``beat`` is told of how many bytes were read.

    Raises:
        BlobMissing: there is no such blob.
        StoreUnavailable: the disk or bucket refuses.
    """
    blob = store.stat(key)
    try:
        path = Path(storages[ALIAS].path(key))
    except NotImplementedError:  # how Django's storages say that they have no local files
        if blob.size > LARGE:
            yield Remote(blob=blob, told=beat), vouched(blob, needed) or digests(blob, beat)
            return
        with copied(store.stream(key, 0, blob.size)) as (path, hasher):
            yield path, hasher.digests()
    else:
        yield path, known or digests(blob, beat)


@contextmanager
def copied(chunks: Iterable[bytes]) -> Iterator[tuple[Path, Hasher]]:
    """Give a copy of a stream of bytes in the spool, with their digests and size.

    Raises:
        StoreFull: there is no room left.
        StoreUnavailable: the disk refuses.
    """
    with spooled() as spool:
        hasher = Hasher()
        for chunk in chunks:
            hasher.update(chunk)
            with reported():
                spool.file.write(chunk)
        with reported():
            spool.file.flush()
        yield spool.path, hasher


def is_quick(blob: Blob, needed: Collection[str]) -> bool:
    """Return whether a wheel's blob on S3 is at hand after a few requests."""
    return blob.size <= LARGE or vouched(blob, needed) is not None


def vouched(blob: Blob, needed: Collection[str]) -> Digests | None:
    """Return what S3 itself compared the bytes with, where that is all that is needed."""
    if not blob.sha256 or set(needed) - {"sha256"}:
        return None
    return Digests(sha256=blob.sha256, blake2_256="", md5="")


def digests(blob: Blob, beat: Told | None) -> Digests:
    """Return the digests of a blob, which is read through once with flat memory."""

    def seen() -> Iterator[bytes]:
        done = 0
        for chunk in store.stream(blob.key, 0, blob.size):
            yield chunk
            done += len(chunk)
            if beat is not None:
                beat(done)

    return hashed(seen()).digests()
