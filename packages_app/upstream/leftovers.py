"""Kept pages and lists that nothing names any more, as a process was killed between keeping one and putting that down.

Files are another matter: one that no item names is found again by its digest, and is worth what it took to fetch.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.upstream import kept

SETTLED = timedelta(minutes=10)
"""How old a page is, whatever the grace: by then whoever kept it has put that down, or lost the lease for it."""


def leftovers(older_than: timedelta) -> Iterator[str]:
    """Yield the keys of pages that nothing names, and that were kept so long ago.

    Raises:
        TableUnavailable: the catalogue cannot answer.
        StoreUnavailable: the disk or bucket refuses.
    """
    for blob in stored.walk(f"{keys.UPSTREAM}/pages"):
        if datetime.now(UTC) - blob.modified >= max(older_than, SETTLED) and is_left(blob.key):
            yield blob.key


def is_left(key: str) -> bool:
    """Return whether a key is that of a page, and of none that its item names."""
    said = keys.upstream_page_of(key)
    return said is not None and kept.read(said[0]).body != said[1]


def sweep(key: str) -> bool:
    """Remove such a page; False where it is named by now: the upstream may go back to what it said before.

    Raises:
        TableUnavailable: the catalogue cannot answer.
        StoreUnavailable: the disk or bucket refuses.
    """
    if not is_left(key):
        return False
    store.remove(key)
    return True
