"""What is configured of other indexes, and how much of them is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from packages_app.file_store import keys
from packages_app.file_store import read as stored


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What the file store has of one kind."""

    count: int = 0
    size: int = 0
    newest: datetime | None = None


def holdings(kind: str) -> Holdings:
    """Return what is kept of ``pages`` or ``files``; it walks all of them.

    Raises:
        StoreUnavailable: the disk or bucket refuses.
    """
    count, size, newest = 0, 0, None
    for blob in stored.walk(f"{keys.UPSTREAM}/{kind}"):
        count, size = count + 1, size + blob.size
        newest = max(newest or blob.modified, blob.modified)
    return Holdings(count=count, size=size, newest=newest)


def projects() -> Iterator[str]:
    """Yield the names of the projects whose pages are kept."""
    last = ""
    for blob in stored.walk(f"{keys.UPSTREAM}/pages"):
        name = blob.key.split("/")[2]
        if name != last and not name.startswith("_"):
            yield name
        last = name
