"""Inflates a gzip file as it is read, forward only, with its checksum and its expansion watched."""

import io
import zlib
from typing import BinaryIO

from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.limits import CHUNK, HIGHEST_RATIO, most_expanded

GZIP = 16 + zlib.MAX_WBITS


class Inflated(io.BufferedIOBase):
    """The unpacked bytes of a gzip file; what does not go forward is refused."""

    def __init__(self, packed: BinaryIO, length: int) -> None:
        super().__init__()
        self.packed = packed
        self.inflater = zlib.decompressobj(GZIP)
        self.pending = b""
        self.ready = b""
        self.used = 0
        """How much of ``ready`` was read."""
        self.expanded = 0
        self.most = most_expanded(length)

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to ``size`` bytes, fewer only at the end.

        Raises:
            UnsoundArchive: the stream is cut off, or expands beyond all measure.
        """
        if size is None or size < 0:
            raise UnsoundArchive("The tar archive is damaged: it has a member of a negative size.")
        parts = []
        while size > 0 and self.fill():
            part = self.ready[self.used : self.used + size]
            self.used += len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self.expanded - len(self.ready) + self.used

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go forward to ``offset``, or to the end where that comes first.

        Raises:
            UnsoundArchive: the offset lies behind.
        """
        if whence != io.SEEK_SET or offset < self.tell():
            raise UnsoundArchive("The tar archive is damaged: its members are not one after the other.")
        while self.tell() < offset and self.fill():
            self.used = min(len(self.ready), self.used + offset - self.tell())
        return self.tell()

    def fill(self) -> bool:
        """Make at least one byte ready, and return False at the end of the stream.

        Raises:
            UnsoundArchive: the stream is cut off, or expands beyond all measure.
        """
        while self.used == len(self.ready) and not self.inflater.eof:
            piece = self.pending or self.packed.read(CHUNK)
            self.ready, self.used = self.inflater.decompress(piece, CHUNK), 0
            self.pending = self.inflater.unconsumed_tail
            self.expanded += len(self.ready)
            if not piece and not self.ready and not self.inflater.eof:
                raise UnsoundArchive("The sdist's gzip stream is cut off; upload it again.")
            if self.expanded > self.most:
                raise UnsoundArchive(f"The sdist is a bomb: it unpacks to more than {HIGHEST_RATIO} times its size.")
        return self.used < len(self.ready)

    def finish(self) -> None:
        """Read on to the end, where only padding may come, of the tar and of the file.

        Raises:
            UnsoundArchive: something comes behind the tar archive or the gzip stream.
        """
        while self.fill():
            if self.ready.strip(b"\0") and self.ready[self.used :].strip(b"\0"):
                raise UnsoundArchive("The sdist has bytes after the end of its tar archive.")
            self.used = len(self.ready)
        if self.inflater.unused_data or self.packed.read(1):
            raise UnsoundArchive("The sdist has bytes after the end of its gzip stream.")
