"""A listing of the whole store, kept on disk so that memory stays flat, and so that a run that ended goes on.

The store lists by digest and the catalogue by project, so neither can be compared with the other in passing. SQLite
keeps the listing: in a temporary database that goes with the connection, or in a file that the operator names, with
how far the run was.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Self

from packages_app.catalogue.read import microseconds, moment
from packages_app.file_store.entries import Blob
from packages_app.file_store.keys import BlobKey
from packages_app.storage_events.errors import WrongState

BATCH = 1000

EVERY = 1000
"""Blobs between two notes of how far the listing is."""
LISTED_TO, LISTED, HOME = "listed to", "listed", "home"

SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS compared (project TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (
    sha256 TEXT, filename TEXT, kind TEXT, size INTEGER, modified INTEGER, known INTEGER DEFAULT 0,
    PRIMARY KEY (sha256, filename, kind)
) WITHOUT ROWID;
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

    def __init__(self, state: Path | None = None, home: str = "") -> None:
        try:
            self.database = sqlite3.connect(state or "", isolation_level=None)
            # A killed process must not damage a file; a power cut may, and then the run begins anew.
            self.database.execute(f"PRAGMA journal_mode = {'WAL' if state else 'OFF'}")
            self.database.execute("PRAGMA synchronous = OFF")
            self.database.executescript(SCHEMA)
            begun = self.note(HOME)
        except sqlite3.Error as error:
            raise WrongState(f"{state} cannot be used ({error}): remove it, or name another file.") from error
        if begun not in (None, home):
            self.database.close()
            raise WrongState(f"{state} is of a run on another index, or with other choices: name another file.")
        self.keep(HOME, home)
        self.added = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def note(self, name: str) -> str | None:
        """Return what was kept under a name."""
        found = self.database.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def keep(self, name: str, value: str) -> None:
        """Keep a note."""
        self.database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def passed(self, key: str) -> None:
        """Note now and then how far the listing is."""
        self.added += 1
        if self.added % EVERY == 0:
            self.keep(LISTED_TO, key)

    def is_compared(self, project: str) -> bool:
        """Return whether the run was through with a project."""
        return self.database.execute("SELECT 1 FROM compared WHERE project = ?", (project,)).fetchone() is not None

    def compared(self, project: str) -> None:
        """Note that the run is through with a project."""
        self.database.execute("INSERT OR IGNORE INTO compared VALUES (?)", (project,))

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
