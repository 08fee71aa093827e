"""Temporary files that are held by their writer while it lives, so that what a killed process left can be told apart.

The writer keeps an advisory lock on its open file. The kernel drops the lock with the process, however it ends, so a
file whose lock can be had has no writer: nothing has to be guessed from its age.
"""

import errno
import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from packages_app.file_store.errors import reported

PREFIX = "elastic-pypi-"
NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


@dataclass(frozen=True, kw_only=True)
class Temporary:
    """A temporary file with a name, open for reading and writing."""

    file: BinaryIO
    path: Path

    @property
    def name(self) -> str:
        """The path as text."""
        return str(self.path)


@contextmanager
def held(folder: Path, suffix: str = "") -> Iterator[Temporary]:
    """Give a temporary file of mode 0600; afterwards it is removed, unless it was moved away.

    Raises:
        StoreFull: there is no room left.
        StoreUnavailable: the folder cannot be written.
    """
    with reported():
        temporary = create(folder, suffix)
    try:
        yield temporary
        with reported():
            temporary.file.close()
    finally:
        # After a failure the first error is the one to tell; what stays behind here is swept later.
        with suppress(OSError):
            temporary.file.close()
        with suppress(OSError):
            temporary.path.unlink()


def create(folder: Path, suffix: str) -> Temporary:
    """Return a new temporary file whose lock is held."""
    while True:
        descriptor, name = tempfile.mkstemp(prefix=PREFIX, suffix=suffix, dir=folder)
        try:
            lock(descriptor)
            if is_at(descriptor, name):
                return Temporary(file=os.fdopen(descriptor, "w+b"), path=Path(name))
        except BaseException:
            os.close(descriptor)
            with suppress(OSError):
                Path(name).unlink()
            raise
        os.close(descriptor)  # a sweep came between making and locking it, and took it for a leftover


def lock(descriptor: int, operation: int = fcntl.LOCK_EX) -> None:
    """Hold the file; where the file system has no locks nobody can hold it, and no sweep will touch it."""
    try:
        fcntl.flock(descriptor, operation)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise


def is_at(descriptor: int, name: str) -> bool:
    """Return whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), Path(name).lstat())
    except FileNotFoundError:
        return False


def sweep(folder: Path, older_than: float) -> int:
    """Remove the temporary files that nobody holds and that are older than so many seconds; return how many.

    Raises:
        StoreUnavailable: the folder cannot be read.
    """
    removed = 0
    with reported():
        try:
            entries = [Path(entry) for entry in os.scandir(folder) if entry.name.startswith(PREFIX)]
        except FileNotFoundError:
            return 0
    for path in entries:
        with suppress(OSError):  # finished meanwhile, or somebody else's: not ours to remove
            removed += remove_leftover(path, older_than)
    return removed


def remove_leftover(path: Path, older_than: float) -> bool:
    """Remove one file if it is a leftover; return whether it was."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        if time.time() - os.fstat(descriptor).st_mtime < older_than:
            return False
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Removed by name, but while the lock is held: a writer that made it just now looks after locking, and starts
        # again. A file that was moved into the store has no name here any more.
        if not is_at(descriptor, str(path)):
            return False
        path.unlink()
        return True
    finally:
        os.close(descriptor)
