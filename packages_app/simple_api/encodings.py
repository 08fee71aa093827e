"""Which content encoding a page travels in, and how it is compressed (RFC 9110, section 12.5.3)."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import Protocol

from packages_app.errors import NotAcceptable
from packages_app.preferences import ranked

GZIP_LEVEL = 6
ZSTD_LEVEL = 9  # a page is compressed once for each change, and sent many times
ZSTD_STREAM_LEVEL = 3  # what is sent while it is made is not kept
GZIP_FORM = 31
"""What zlib calls gzip's form."""


class Packer(Protocol):
    """What the compressors of both libraries have in common."""

    def compress(self, data: bytes, /) -> bytes:
        """Take more in, and return what is done by now."""

    def flush(self) -> bytes:
        """Return the rest."""


class Encoding(Enum):
    """A content encoding, by its name in headers."""

    ZSTD = "zstd"
    GZIP = "gzip"
    IDENTITY = "identity"


def negotiate(accept_encoding: str | None) -> Encoding:
    """Return the encoding for an Accept-Encoding header; without one, pages travel as they are.

    Raises:
        NotAcceptable: the caller refuses every encoding, and also to go without.
    """
    chosen = preferred(accept_encoding or "identity")
    if chosen is None:
        raise NotAcceptable("This page comes in gzip, in zstd or without an encoding: accept one of them.")
    return chosen


@lru_cache(maxsize=256)
def preferred(accept_encoding: str) -> Encoding | None:
    """Return the encoding a header prefers, or None where it refuses all."""
    qualities = {name.removeprefix("x-"): quality for name, quality in reversed(ranked(accept_encoding))}

    def rank(encoding: Encoding) -> tuple[float, bool, int]:
        named = encoding.value in qualities
        # Without an encoding is how everybody can read a page, unless they say otherwise: last, but always there.
        unsaid = qualities.get("*", 0.0005 if encoding is Encoding.IDENTITY else 0.0)
        # zstd only for those who name it: who says "*" may not know of it.
        order = {Encoding.IDENTITY: 1, Encoding.GZIP: 2, Encoding.ZSTD: 3 if named else 0}
        return qualities.get(encoding.value, unsaid), named, order[encoding]

    best = max(Encoding, key=rank)
    return best if rank(best)[0] > 0 else None


def encoded(chunks: Iterable[bytes], encoding: Encoding) -> Iterator[bytes]:
    """Yield what comes in chunks in this encoding, without waiting for its end."""
    if encoding is Encoding.IDENTITY:
        yield from chunks
        return
    packer = packer_of(encoding)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def packer_of(encoding: Encoding) -> Packer:
    """Return what compresses chunk by chunk."""
    if encoding is Encoding.GZIP:
        return zlib.compressobj(GZIP_LEVEL, wbits=GZIP_FORM)
    import zstandard  # noqa: PLC0415 - not every caller reads zstd

    return zstandard.ZstdCompressor(level=ZSTD_STREAM_LEVEL).compressobj()


def encode(body: bytes, encoding: Encoding) -> bytes:
    """Return the body in this encoding; the same body gives the same bytes, whenever that is."""
    if encoding is Encoding.GZIP:
        return gzip.compress(body, GZIP_LEVEL, mtime=0)
    if encoding is Encoding.ZSTD:
        import zstandard  # noqa: PLC0415 - not every caller reads zstd, and a cold start should not pay for it

        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(body)
    return body
