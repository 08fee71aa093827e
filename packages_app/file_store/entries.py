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


@dataclass(frozen=True, kw_only=True)
class UploadLink:
    """How to store the bytes of one blob without credentials of one's own."""

    url: str
    headers: Mapping[str, str]
    """Headers that the PUT must send as they are: the signature covers them."""
