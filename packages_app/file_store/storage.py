"""What the file store asks of a storage backend, and the backend that the settings choose."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, cast, runtime_checkable

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from packages_app.file_store import keys
from packages_app.file_store.entries import Blob, Part, Unfinished, UploadLink

ALIAS = "packages"
IMMUTABLE = "private, max-age=365000000, immutable"
"""Bytes never change under their key; shared caches must not keep what needs a signature."""


class Source(Protocol):
    """Bytes that can be read on and closed."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` further bytes; nothing at the end."""

    def close(self) -> None:
        """Let go of the file or connection behind it."""


class PartsStore(Protocol):
    """Takes the parts of large blobs; a key's parts are no blob before they are joined."""

    def begin(self, key: str) -> str:
        """Return the name of a new upload of a blob in parts; it is never empty."""

    def is_begun(self, key: str, upload: str) -> bool:
        """Return whether an upload takes parts: it was neither joined nor dropped."""

    def link(self, key: str, upload: str, part: Part, sha256: str, expires: int) -> UploadLink | None:
        """Return how to PUT exactly these bytes as a part, or None where this server takes them."""

    def put(self, key: str, number: int, source: Path) -> None:
        """Store a part durably and in one step, where this server takes them; ``source`` may be moved."""

    def received(self, key: str, upload: str) -> list[Part]:
        """Return the parts that are stored, by their numbers; an upload that is not there has none."""

    def join(self, key: str, upload: str, parts: Sequence[Part]) -> None:
        """Make the parts the blob, durably and in one step; they are no parts any more."""

    def drop(self, key: str, upload: str) -> None:
        """Remove the parts; an upload that is not there is fine."""

    def unfinished(self, prefix: str) -> Iterator[Unfinished]:
        """Yield the uploads below a folder that leave nothing for ``walk`` to see."""


@runtime_checkable
class PackagesStorage(Protocol):
    """A Django storage that can hold packages; keys are checked before they come here.

    Operations raise what their library raises; ``reading`` and ``writing`` translate that to the errors of
    ``file_store.errors``.
    """

    def reading(self) -> AbstractContextManager[None]:
        """Translate what a read raises; what is not there is ``BlobMissing``."""

    def writing(self) -> AbstractContextManager[None]:
        """Translate what a write raises."""

    def put_file(self, key: str, source: Path) -> None:
        """Store the file durably and in one step, in the place of what the key held; ``source`` may be moved."""

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store the bytes durably and in one step, in the place of what the key held."""

    def put_stream(self, key: str, chunks: Iterator[bytes]) -> None:
        """Store bytes as they come, durably and in one step; nothing of them where they end in an error."""

    def copy(self, key: str, target: str, told: Callable[[int], None] | None = None) -> None:
        """Store a blob's bytes under a second key, durably and in one step; ``told`` hears that it goes on."""

    def remove(self, key: str) -> None:
        """Remove the blob; one that is not there is fine."""

    def stat(self, key: str) -> Blob:
        """Return the blob's record."""

    def opened(self, key: str) -> BinaryIO:
        """Return the blob as a seekable file."""

    def source(self, key: str, start: int = 0, length: int | None = None) -> Source:
        """Return the blob's bytes from ``start``; ``length`` is at least 1, None means to the end."""

    def walk(self, prefix: str, after: str = "") -> Iterator[Blob]:
        """Yield everything below a folder of keys, in key order; only what comes after a key, where one is given."""

    def signed_link(self, key: str, parameters: Mapping[str, str], signed_at: datetime, expires: int) -> str | None:
        """Return a link that works for ``expires`` seconds from ``signed_at``, or None where there are no links."""

    def upload_link(self, key: str, *, size: int, sha256: str, expires: int) -> UploadLink | None:
        """Return how to PUT exactly these bytes under a key, or None where there are no links."""

    def parts(self) -> PartsStore:
        """Return what takes the parts of large blobs here."""

    def spool_folder(self) -> Path:
        """Return the existing folder where uploads are written while they arrive."""

    def temporary_folders(self) -> list[Path]:
        """Return every folder in which a killed process may leave temporary files."""


def packages() -> PackagesStorage:
    """Return the storage that ``STORAGES["packages"]`` names; it is made on first use.

    Raises:
        ImproperlyConfigured: it cannot hold packages.
    """
    chosen = storages[ALIAS]
    if not isinstance(chosen, PackagesStorage):
        raise ImproperlyConfigured(f"STORAGES[{ALIAS!r}] must name a backend of packages_app.file_store.")
    return cast("PackagesStorage", chosen)


@contextmanager
def reading(*named: str) -> Iterator[PackagesStorage]:
    """Give the storage to read these keys from; whatever it raises meanwhile is an error of ``file_store.errors``.

    Raises:
        BadKey: a key could lead out of the store.
    """
    storage = checked(named)
    with storage.reading():
        yield storage


@contextmanager
def writing(*named: str) -> Iterator[PackagesStorage]:
    """Give the storage to write these keys to, in the same way.

    Raises:
        BadKey: a key could lead out of the store.
    """
    storage = checked(named)
    with storage.writing():
        yield storage


def checked(named: Iterable[str]) -> PackagesStorage:
    """Return the storage, for keys that cannot lead out of it.

    Raises:
        BadKey: a key could.
    """
    for key in named:
        keys.check(key)
    return packages()
