"""The SQLite file: its layout, its connections, and what reaching it can go wrong with."""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from packages_app.tables.embedded.errors import Unanswered

PATIENCE = 30.0
"""Seconds to wait for another process to finish its write."""
LAYOUT = """
CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY, description TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
    tbl TEXT, pk BLOB, sk BLOB, item TEXT NOT NULL, size INTEGER NOT NULL, expires INTEGER, PRIMARY KEY (tbl, pk, sk)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_by_expiry ON items (tbl, expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS entries (
    tbl TEXT, idx TEXT, ipk BLOB, isk BLOB, pk BLOB, sk BLOB, PRIMARY KEY (tbl, idx, ipk, isk, pk, sk)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, request BLOB NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
"""
"""Keys are bytes, so that SQLite orders them as DynamoDB does; ``entries`` are the secondary indexes."""

abandoned: list[sqlite3.Connection] = []
"""Connections inherited from a parent process: even closing one here would disturb the parent's locks."""


stores: "weakref.WeakSet[Store]" = weakref.WeakSet()


def close_all() -> None:
    """Close what is idle before this process forks: SQLite's locks do not survive that, and the child opens anew."""
    for store in stores:
        store.close()


os.register_at_fork(before=close_all)


class Store:
    """One SQLite file, open in as many connections as there are threads at work at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.begin_anew()
        stores.add(self)

    def begin_anew(self) -> None:
        """Start without connections."""
        self.process = os.getpid()
        self.idle: list[sqlite3.Connection] = []
        self.opening = threading.Lock()
        # Writers of this process queue here; SQLite itself would make them poll.
        self.writing = threading.Lock()

    def close(self) -> None:
        """Close every connection that is not in use; the next request opens another."""
        while self.idle:
            self.idle.pop().close()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection.

        Raises:
            Unanswered: SQLite could not do its work.
        """
        if self.process != os.getpid():
            abandoned.extend(self.idle)
            self.begin_anew()
        connection = None
        try:
            try:
                connection = self.idle.pop()
            except IndexError:
                connection = self.opened()
            yield connection
        except (sqlite3.DatabaseError, OSError) as error:
            if connection is not None:
                connection.close()
            raise Unanswered(f"The catalogue's file cannot be used: {error}") from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        self.idle.append(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees one moment of the file."""
        with self.connection() as connection, transaction(connection, "DEFERRED"):
            yield connection

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection whose changes are kept together when the block ends, or not at all if it raises."""
        with self.connection() as connection:
            if not self.writing.acquire(timeout=PATIENCE):
                raise sqlite3.OperationalError("database is locked")
            try:
                with transaction(connection, "IMMEDIATE"):
                    yield connection
            finally:
                self.writing.release()

    def opened(self) -> sqlite3.Connection:
        """Return a new connection; the file is made by the first."""
        with self.opening:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if fresh := not self.path.exists():
                # Readable for its owner only: it holds what tokens are checked against. Never opened this way later,
                # as closing it again would let go of SQLite's locks.
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(
                self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False, cached_statements=64
            )
            if fresh or not laid_out(connection):
                lay_out(connection)
            connection.execute("PRAGMA synchronous=FULL")
            return connection


def laid_out(connection: sqlite3.Connection) -> bool:
    """Return whether another process made the file ready."""
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'tokens'").fetchone()
    return bool(found[0])


def lay_out(connection: sqlite3.Connection) -> None:
    """Make the file ready, though other processes may do so at the same time."""
    connection.execute("PRAGMA page_size=8192")
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError:
            # Here SQLite does not wait by itself.
            if time.monotonic() > ends:
                raise
            time.sleep(0.01)
    with transaction(connection, "IMMEDIATE"):
        for statement in LAYOUT.split(";"):
            connection.execute(statement)


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    """Begin a transaction, and end it by what happens in the block."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full or failing disk makes SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
