"""Markers of work that goes on after its answer: small objects that stand for it, and whose events have it done.

A marker says who asked for the work, signed, as whoever can write to the bucket is not thereby everybody.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.core import signing

from packages_app.accounts.entries import Limits, Principal
from packages_app.accounts.roles import Action
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import BlobTooLarge

log = logging.getLogger(__name__)

SALT = "packages_app.uploads.sessions.work"
LONGEST = 64 * 1024


def put(session: str, filename: str, who: Principal) -> None:
    """Have a file of a session completed, or without one the session published, in the name of somebody."""
    limits = who.limits
    said = {
        "key": keys.work(session, filename),
        "name": who.name,
        "address": who.address,
        "token": who.token,
        "limits": [sorted(action.value for action in limits.actions), list(limits.patterns)] if limits else None,
    }
    store_write.put_bytes(keys.work(session, filename), signing.dumps(said, salt=SALT).encode())


def bearer(key: str) -> Principal | None:
    """Return in whose name the work of a marker is done; None when it is not of this index, with the key it has now.

    Raises:
        BlobMissing: the marker is gone.
        StoreUnavailable: the disk or bucket refuses.
    """
    try:
        said = signing.loads(store.read(key, LONGEST).decode("ascii", "replace"), salt=SALT)
    except (signing.BadSignature, BlobTooLarge):
        log.warning("A marker that this index did not write is ignored: %a", key)
        return None
    if said["key"] != key:
        log.warning("A marker that was copied from another one is ignored: %a", key)
        return None
    limits = None
    if said["limits"] is not None:
        actions, patterns = said["limits"]
        limits = Limits(actions=frozenset(map(Action, actions)), patterns=tuple(patterns))
    return Principal(name=said["name"], address=said["address"], token=said["token"], limits=limits)


def remove(key: str) -> None:
    """Take a marker away: its work is done, or will never be."""
    store_write.remove(key)


def left(older_than: timedelta) -> Iterator[str]:
    """Yield the keys of markers that nobody has taken away for so long."""
    for blob in store.walk(keys.WORK):
        if keys.work_of(blob.key) is not None and datetime.now(UTC) - blob.modified >= older_than:
            yield blob.key
