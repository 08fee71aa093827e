"""Reads what distributions say of themselves, from the documents that lie beside them in the store."""

from collections import OrderedDict
from threading import Lock

from packages_app.catalogue.entries import File
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing, BlobTooLarge
from packages_app.metadata.entries import CoreMetadata
from packages_app.metadata.errors import BadMetadata
from packages_app.metadata.limits import LONGEST_METADATA

LIMIT = 8 * 1024**2
"""Bytes of documents whose reading is kept in this process."""
LARGEST = 512 * 1024
"""Larger documents push out too much, and are read anew each time."""


def core_of(file: File) -> CoreMetadata | None:
    """Return the core metadata of a file; None when its document is not in the store, or cannot be read.

    Raises:
        StoreUnavailable: the disk or bucket refuses.
    """
    digest = digest_of(file)
    if not digest:
        return None
    found = kept.get(digest)
    if found is not None:
        return found
    from packages_app.metadata.core import parse  # noqa: PLC0415 - takes the time of a simple page to import

    try:
        document = store.read(keys.blob(file.sha256, file.filename) + keys.document(file.filename), LONGEST_METADATA)
        core = parse(document)
    except (BlobMissing, BlobTooLarge, BadMetadata):
        return None
    kept.put(digest, core, len(document))
    return core


def remember(file: File, core: CoreMetadata, size: int) -> None:
    """Keep what a file says that is being published, so that its document is not fetched back to describe it."""
    if digest := digest_of(file):
        kept.put(digest, core, size)


def digest_of(file: File) -> str:
    """Return the digest of a file's document; empty when it has none."""
    return file.metadata_sha256 or file.pkg_info_sha256


def best(files: tuple[File, ...]) -> File:
    """Return the file of a release whose document stands for it: a wheel's is what is installed."""
    return min(files, key=lambda file: (file.filetype != "bdist_wheel", file.filename))


class Kept:
    """Documents that were read, by digest; safe for threads; those that nobody asked for longest go first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.size = 0
        self._documents: OrderedDict[str, tuple[CoreMetadata, int]] = OrderedDict()
        self._mutex = Lock()

    def get(self, digest: str) -> CoreMetadata | None:
        """Return what is kept."""
        with self._mutex:
            found = self._documents.get(digest)
            if found is None:
                return None
            self._documents.move_to_end(digest)
            return found[0]

    def put(self, digest: str, core: CoreMetadata, size: int) -> None:
        """Keep a document of this many bytes."""
        if size > LARGEST:
            return
        with self._mutex:
            if digest in self._documents:
                return
            self._documents[digest] = core, size
            self.size += size
            while self.size > self.limit:
                _, (_, gone) = self._documents.popitem(last=False)
                self.size -= gone


kept = Kept()
"""This process's documents."""
