"""An answer of the upstream: its body, bounded and unpacked, and what went wrong on the way."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from urllib3 import exceptions as raised
from urllib3.response import BaseHTTPResponse

from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.sources.watch import Exchange

CHUNK = 64 * 1024
"""Bytes that are read at once."""
GZIP = 16 + zlib.MAX_WBITS
"""What zlib calls gzip's form."""


class Reply:
    """An answer whose body is still to come."""

    def __init__(self, response: BaseHTTPResponse, url: str, exchange: Exchange) -> None:
        self.response, self.url, self.exchange = response, url, exchange
        self.status = response.status
        self.headers = response.headers

    @property
    def size(self) -> int | None:
        """Bytes of the body as it travels; None where it is not said."""
        said = self.headers.get("Content-Length", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None  # noqa: PLR2004 - int64

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it travels.

        Raises:
            SourceFailed: it ends too early or takes too long.
        """
        with told(self.exchange, self.url):
            yield from self.response.stream(CHUNK, decode_content=False)
            self.exchange.check()

    def body(self, limit: int) -> bytes:
        """Return the body unpacked; neither form may have more than ``limit`` bytes.

        Raises:
            SourceFailed: it has more, cannot be unpacked, ends too early, or takes too long.
        """
        if (self.size or 0) > limit:
            raise too_large(limit)
        encoding = self.headers.get("Content-Encoding", "").strip().lower()
        if encoding in {"", "identity"}:
            return joined(self.chunks(), limit)
        if encoding not in {"gzip", "x-gzip"}:
            raise SourceFailed(Fault.UNREADABLE, "The upstream sends its page in an encoding that was not asked for.")
        return joined(unpacked(self.chunks(), limit), limit)


def unpacked(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Yield what gzip holds, never more than ``limit`` and a little in memory at once.

    Raises:
        SourceFailed: it holds more than ``limit`` bytes, is damaged, or ends too early.
    """
    packed = zlib.decompressobj(GZIP)
    try:
        for chunk in chunks:
            yield packed.decompress(chunk, limit + 1)
            if packed.unconsumed_tail:
                raise too_large(limit)
        yield packed.flush()
    except zlib.error as error:
        raise SourceFailed(Fault.UNREADABLE, "The upstream's page is damaged: it cannot be unpacked.") from error
    if not packed.eof:
        raise SourceFailed(Fault.UNREADABLE, "The upstream's page is damaged: it ends too early.")


def joined(chunks: Iterator[bytes], limit: int) -> bytes:
    """Return the chunks together.

    Raises:
        SourceFailed: they have more than ``limit`` bytes.
    """
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > limit:
            raise too_large(limit)
    return bytes(found)


def too_large(limit: int) -> SourceFailed:
    """Return the refusal of a page over the limit."""
    return SourceFailed(
        Fault.TOO_LARGE,
        f"The upstream's page is larger than {limit // 1024**2} MB; this index's operator can allow more with "
        "PYPI_UPSTREAM_PAGE_MB.",
    )


@contextmanager
def told(exchange: Exchange, url: str) -> Iterator[None]:
    """Tell what urllib3 raises as what went wrong with the upstream.

    Raises:
        SourceFailed: anything did.
    """
    host = urlsplit(url).hostname
    try:
        yield
    except (raised.HTTPError, OSError, ValueError) as error:
        unreachable = isinstance(error, raised.NewConnectionError | raised.ConnectTimeoutError)
        if exchange.over or (isinstance(error, raised.TimeoutError) and not unreachable):
            raise SourceFailed(Fault.SLOW, f"The upstream at {host} takes too long to answer.") from error
        if isinstance(error, raised.SSLError):
            raise SourceFailed(
                Fault.TLS, f"The upstream at {host} has no certificate that is trusted here; see PYPI_UPSTREAM_CA."
            ) from error
        if unreachable:
            raise SourceFailed(Fault.UNREACHABLE, f"The upstream at {host} cannot be reached.") from error
        raise SourceFailed(Fault.BROKEN, f"The upstream at {host} broke off its answer.") from error
