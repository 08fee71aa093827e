"""Where uploads are written while they arrive: named temporary files on the store's own file system."""

from collections.abc import Iterator
from contextlib import contextmanager

from packages_app.file_store import temporary
from packages_app.file_store.storage import packages
from packages_app.file_store.temporary import Temporary


@contextmanager
def spooled(suffix: str = "") -> Iterator[Temporary]:
    """Give a temporary file (``file``, ``path``, ``name``) that ``write.put_file`` can move into its place.

    Flush ``file`` before anything reads it by its path. On the way out it is removed if it is still there.

    Raises:
        StoreFull: there is no room left.
        StoreUnavailable: the folder cannot be written.
    """
    storage = packages()
    with storage.writing():
        folder = storage.spool_folder()
    with temporary.held(folder, suffix) as spool:
        yield spool


def sweep(older_than: float = 0) -> int:
    """Remove temporary files that killed processes left, and return how many; files of live processes stay.

    Raises:
        StoreUnavailable: a folder cannot be read.
    """
    return sum(temporary.sweep(folder, older_than) for folder in packages().temporary_folders())
