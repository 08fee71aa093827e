"""The stored bytes that an address leads to, as downloads answer them."""

from dataclasses import dataclass

# One type for wheels and sdists: some clients unpack what is called gzip, and hashes are of the packed bytes.
FILE_TYPE = "application/octet-stream"
METADATA_TYPE = "text/plain; charset=utf-8"
# The address holds the digest of what it leads to; this is the longest age that caches count with.
FOREVER = "max-age=365000000, immutable"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The stored bytes that an address leads to."""

    key: str
    """Where the file store has them."""
    filename: str
    sha256: str
    """Of these bytes: they make the strong ETag."""
    size: int
    content_type: str
    project: str = ""
    version: str = ""
    """Empty for what lies beside a file, and for what another index publishes: neither is counted."""
