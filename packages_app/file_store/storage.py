"""What the file store asks of a storage backend, and the backend that the settings choose."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, cast, runtime_checkable

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from packages_app.file_store.entries import Blob, UploadLink

ALIAS = "packages"
IMMUTABLE = "private, max-age=365000000, immutable"
"""Bytes never change under their key; shared caches must not keep what needs a signature."""


class Source(Protocol):
    """Bytes that can be read on and closed."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` further bytes; nothing at the end."""

    def close(self) -> None:
        """Let go of the file or connection behind it."""


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

    def copy(self, key: str, target: str) -> None:
        """Store a blob's bytes under a second key, durably and in one step."""

    def remove(self, key: str) -> None:
        """Remove the blob; one that is not there is fine."""

    def stat(self, key: str) -> Blob:
        """Return the blob's record."""

    def opened(self, key: str) -> BinaryIO:
        """Return the blob as a seekable file."""

    def source(self, key: str, start: int = 0, length: int | None = None) -> Source:
        """Return the blob's bytes from ``start``; ``length`` is at least 1, None means to the end."""

    def walk(self, prefix: str) -> Iterator[Blob]:
        """Yield everything below a folder of keys, in key order."""

    def signed_link(self, key: str, parameters: Mapping[str, str], signed_at: datetime, expires: int) -> str | None:
        """Return a link that works for ``expires`` seconds from ``signed_at``, or None where there are no links."""

    def upload_link(self, key: str, *, size: int, sha256: str, expires: int) -> UploadLink | None:
        """Return how to PUT exactly these bytes under a key, or None where there are no links."""

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
