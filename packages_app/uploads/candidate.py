"""A file on its way in: its bytes, its digests, and what its sender claims of it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from packages_app.accounts.entries import Principal
from packages_app.file_store.entries import Blob
from packages_app.file_store.ranged import Fetch, Ranged, Told


@dataclass(frozen=True, kw_only=True)
class Digests:
    """What the bytes are, in lower-case hexadecimal."""

    sha256: str
    blake2_256: str
    md5: str


class Hasher:
    """Computes every digest of the upload API in one pass, and counts."""

    def __init__(self) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()
        self.blake2_256 = hashlib.blake2b(digest_size=32)
        self.md5 = hashlib.md5(usedforsecurity=False)  # poetry and pdm still announce it

    def update(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self.size += len(chunk)
        self.sha256.update(chunk)
        self.blake2_256.update(chunk)
        self.md5.update(chunk)

    def digests(self) -> Digests:
        """Return the digests of all bytes so far."""
        return Digests(sha256=self.sha256.hexdigest(), blake2_256=self.blake2_256.hexdigest(), md5=self.md5.hexdigest())


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the sender says of the file; each is checked, none is trusted. Empty means not said."""

    name: str = ""
    version: str = ""
    filetype: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Digest name, a field of ``Digests``, to hexadecimal."""
    attestations: str = ""
    """A JSON array of attestations (PEP 740)."""


@dataclass(frozen=True, kw_only=True)
class Remote:
    """Bytes too many to be copied here: they stay in the store, and are read there."""

    blob: Blob
    told: Told | None = None
    """Told at which byte they are read."""
    fetch: Fetch | None = None
    """Reads them where they are no blob of this index."""
    bring: Callable[[str], None] | None = None
    """Copies them to a blob's key, where they do not lie under it yet."""

    def open(self, mode: str) -> BinaryIO:
        """Return them as a seekable file; paths are opened in the same way."""
        del mode
        return cast("BinaryIO", Ranged(self.blob, self.told, self.fetch))


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One file as a door hands it to ``publish``."""

    filename: str
    path: Path | Remote
    """The bytes, in the file store's spool; ``publish`` moves them, unless they are ``stored``."""
    size: int
    digests: Digests
    principal: Principal
    source: str
    """The door: ``legacy``, ``command``, ``event``, ``reconcile``, ``import``."""
    claims: Claims = field(default_factory=Claims)
    published_at: datetime | None = None
    """When the bytes were first published, where that is known; None means now."""
    whole: bool = True
    """Whether every member of a wheel is unpacked; else only what tells of it is read."""
    stored: bool = False
    """The bytes lie in the store under their key already, and keep their modification time there."""
    may_replace: bool = True
    """Whether this may replace other bytes where overwriting is on; found files only ever fill a free name."""

    def local(self) -> Path | None:
        """Return the file that can be moved into the store; None for what lies there already."""
        return None if self.stored or isinstance(self.path, Remote) else self.path

    def brought(self) -> Callable[[str], None] | None:
        """Return what copies bytes that lie elsewhere in the store to a blob's key; None where nothing has to."""
        return self.path.bring if isinstance(self.path, Remote) and not self.stored else None


def hashed(chunks: Iterable[bytes]) -> Hasher:
    """Return the digests and size of a stream of bytes."""
    hasher = Hasher()
    for chunk in chunks:
        hasher.update(chunk)
    return hasher
