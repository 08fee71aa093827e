"""What the file store tells other packages: frozen records of stored blobs."""

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
