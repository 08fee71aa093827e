"""Makes presigned links that stay the same for a window, so that clients' caches, keyed by address, can hit."""

from datetime import UTC, datetime

from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store.entries import UploadLink
from packages_app.file_store.errors import BadKey
from packages_app.file_store.storage import IMMUTABLE, reading

REVALIDATED = "private, no-cache"
LONGEST_LINK = 7 * 24 * 3600
"""Seconds; signature version 4 allows no more."""


def link(key: str, *, filename: str, content_type: str) -> str | None:
    """Return a presigned link to a blob, or None where this server has to send the bytes itself.

    The link is signed as of its window's start and works to the end of the next window, so that whenever it is handed
    out it works for one more window. Processes with the same credentials make the same link. It ends earlier only when
    temporary credentials do.

    Raises:
        BadKey: the key could lead out of the store, or the file name is none.
        StoreUnavailable: there are no credentials to sign with.
    """
    if keys.parse(f"{keys.ROOT}/{'0' * 64}/{filename}") is None:
        raise BadKey(f"{filename[:80]!a} is no bare file name of a distribution.")
    parameters = {
        "response-cache-control": IMMUTABLE,
        "response-content-disposition": f'inline; filename="{filename}"',
        "response-content-type": content_type,
    }
    return signed(key, parameters)


def page_link(key: str, *, content_type: str, encoding: str) -> str | None:
    """Return a presigned link to a page, in the same way; it is always asked for again before it is used again.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: there are no credentials to sign with.
    """
    parameters = {"response-cache-control": REVALIDATED, "response-content-type": content_type}
    if encoding:
        parameters["response-content-encoding"] = encoding
    return signed(key, parameters)


def signed(key: str, parameters: dict[str, str]) -> str | None:
    """Return the link of the window that is now.

    Raises:
        BadKey: the key could lead out of the store.
    """
    window = min(options().link_window, LONGEST_LINK // 2)
    with reading(key) as storage:
        return storage.signed_link(key, parameters, window_start(datetime.now(UTC), window), 2 * window)


def upload_link(key: str, *, size: int, sha256: str, expires: int) -> UploadLink | None:
    """Return how to PUT exactly these bytes under a key for so many seconds, or None where this server takes them.

    Raises:
        BadKey: the key could lead out of the store.
        StoreUnavailable: there are no credentials to sign with.
    """
    with reading(key) as storage:
        return storage.upload_link(key, size=size, sha256=sha256, expires=min(expires, LONGEST_LINK))


def window_start(now: datetime, window: int) -> datetime:
    """Return when the window that holds ``now`` began; windows of so many seconds are counted from the epoch."""
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % window, tz=UTC)
