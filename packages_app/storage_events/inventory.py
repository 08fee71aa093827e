"""A listing of the whole store, kept on disk for the length of one run, so that memory stays flat.

The store lists by digest and the catalogue by project, so neither can be compared with the other in passing. SQLite
keeps the listing in a temporary database of its own, which goes with the connection.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Self

from packages_app.catalogue.read import microseconds, moment
from packages_app.file_store.entries import Blob
from packages_app.file_store.keys import BlobKey

BATCH = 1000

SCHEMA = """
CREATE TABLE blobs (
    sha256 TEXT, filename TEXT, kind TEXT, size INTEGER, modified INTEGER, known INTEGER DEFAULT 0,
    PRIMARY KEY (sha256, filename, kind)
) WITHOUT ROWID
"""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A blob of a distribution, or of what lies beside one."""

    sha256: str
    filename: str
    kind: str
    size: int
    modified: datetime


class Inventory:
    """Everything in the store as it was listed, and which of it the catalogue knows."""

    def __init__(self) -> None:
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute(SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def add(self, said: BlobKey, blob: Blob) -> None:
        """Take in a blob."""
        self.database.execute(
            "INSERT OR REPLACE INTO blobs (sha256, filename, kind, size, modified) VALUES (?, ?, ?, ?, ?)",
            (said.sha256, said.filename, said.kind, blob.size, microseconds(blob.modified)),
        )

    def has_files(self) -> bool:
        """Return whether there is any distribution."""
        return self.database.execute("SELECT 1 FROM blobs WHERE kind = 'file' LIMIT 1").fetchone() is not None

    def size(self, sha256: str, filename: str) -> int | None:
        """Return a distribution's size in bytes, or None when it is not there."""
        found = self.database.execute(
            "SELECT size FROM blobs WHERE sha256 = ? AND filename = ? AND kind = 'file'", (sha256, filename)
        ).fetchone()
        return None if found is None else int(found[0])

    def know(self, sha256: str, filename: str) -> None:
        """Mark a distribution, and what lies beside it, as known to the catalogue."""
        self.database.execute("UPDATE blobs SET known = 1 WHERE sha256 = ? AND filename = ?", (sha256, filename))

    def newest_unknown(self) -> datetime | None:
        """Return when the newest distribution that the catalogue does not know was put."""
        (newest,) = self.database.execute(
            "SELECT max(modified) FROM blobs WHERE kind = 'file' AND known = 0"
        ).fetchone()
        return None if newest is None else moment(newest)

    def count_unknown(self) -> int:
        """Return how many file names have distributions that the catalogue does not know."""
        (count,) = self.database.execute(
            "SELECT count(DISTINCT filename) FROM blobs WHERE kind = 'file' AND known = 0"
        ).fetchone()
        return int(count)

    def unknown(self) -> Iterator[tuple[str, tuple[Stored, ...]]]:
        """Yield each file name with the distributions under it that the catalogue does not know, newest first."""
        found = self.selected("WHERE kind = 'file' AND known = 0 ORDER BY filename, modified DESC, sha256")
        for filename, group in groupby(found, key=lambda stored: stored.filename):
            yield filename, tuple(group)

    def orphans(self) -> Iterator[tuple[Stored, ...]]:
        """Yield what lies beside distributions that are not there and not known, together for each of them."""
        found = self.selected(
            "AS beside WHERE kind != 'file' AND known = 0 AND NOT EXISTS (SELECT 1 FROM blobs WHERE kind = 'file' "
            "AND sha256 = beside.sha256 AND filename = beside.filename) ORDER BY sha256, filename"
        )
        for _, group in groupby(found, key=lambda stored: (stored.sha256, stored.filename)):
            yield tuple(group)

    def selected(self, where: str) -> Iterator[Stored]:
        """Yield blobs, a batch at a time."""
        rows = self.database.execute(f"SELECT sha256, filename, kind, size, modified FROM blobs {where}")  # noqa: S608 - constants of this class
        while batch := rows.fetchmany(BATCH):
            for sha256, filename, kind, size, modified in batch:
                yield Stored(sha256=sha256, filename=filename, kind=kind, size=size, modified=moment(modified))
