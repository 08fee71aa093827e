"""Why the file store could not do what it was asked, and the translation of what a disk says."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from packages_app.errors import PackagesError, Unavailable


class BadKey(PackagesError):
    """A key, digest or file name that could leave its place in the store."""

    code = "bad-key"


class BlobMissing(PackagesError):
    """No blob is stored under this key."""

    code = "blob-missing"


class ObjectChanged(PackagesError):
    """Somebody put other bytes under this key since it was read."""

    code = "object-changed"


class StoreUnavailable(Unavailable):
    """The disk or bucket cannot answer now."""

    code = "store-unavailable"


class StoreFull(StoreUnavailable):
    """The disk or bucket has no room left."""

    code = "store-full"
    retry_after = 60


class BlobTooLarge(StoreUnavailable):
    """A stored blob is larger than anything its reader would have written."""

    code = "blob-too-large"


FULL = "The index has no room left for files: its operator must make some; nothing was listed."
UNAVAILABLE = "The place where files are kept does not answer as it should; try again in a moment."
MISSING = "The bytes of this file are missing from the place where files are kept; tell the index's operator."

# EFBIG: the process's or the file system's largest file size; only more room helps there too.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def of_disk(error: OSError) -> StoreUnavailable:
    """Return the domain error for a disk's refusal; whichever it is, the request may succeed later."""
    return StoreFull(FULL) if error.errno in NO_ROOM else StoreUnavailable(UNAVAILABLE)


@contextmanager
def reported() -> Iterator[None]:
    """Tell what a disk refuses as domain errors; wrap only operations on the store in this, never a client's socket.

    Raises:
        StoreFull: there is no room left.
        StoreUnavailable: anything else that the operating system says no to.
    """
    try:
        yield
    except OSError as error:
        raise of_disk(error) from error


@contextmanager
def found() -> Iterator[None]:
    """Like `reported`, but a file that is not there is a missing blob.

    Raises:
        BlobMissing: there is no such file.
        StoreUnavailable: anything else that the operating system says no to.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise BlobMissing(MISSING) from error
    except OSError as error:
        raise of_disk(error) from error
