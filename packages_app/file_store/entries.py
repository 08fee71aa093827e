"""What the file store tells other packages: frozen records of stored blobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Blob:
    """A stored blob."""

    key: str
    size: int
    """Bytes."""
    modified: datetime
    """When it was last put, in UTC; S3 keeps whole seconds."""
    sha256: str = ""
    """What S3 itself compared the bytes with as they came in; empty where nobody did, or a listing does not tell."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a blob that was stored, and is not joined with the others yet."""

    number: int
    """Counted from 1."""
    size: int
    """Bytes."""
    tag: str = ""
    """What S3 wants to hear again when parts are joined."""
    checksum: str = ""
    """The same, of the part's sha256."""


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A blob that somebody began to store in parts."""

    key: str
    upload: str
    """What ``parts.begin`` returned."""
    begun: datetime


@dataclass(frozen=True, kw_only=True)
class UploadLink:
    """How to store the bytes of one blob, or of a part of it, without credentials of one's own."""

    url: str
    headers: Mapping[str, str]
    """Headers that the PUT must send as they are: the signature covers them."""
