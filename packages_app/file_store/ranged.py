"""A stored blob as a seekable file that fetches only what is read, in few requests, however large the blob is."""

import io
from collections.abc import Callable, Iterable

from packages_app.file_store import read
from packages_app.file_store.entries import Blob

FIRST = 64 * 1024
"""Bytes fetched at a place that nothing before led to."""
LARGEST = 8 * 1024**2
"""Bytes fetched at most at once, and kept; reading on from place to place doubles what is fetched up to this."""
Told = Callable[[int], None]
"""Told a number of bytes again and again, as work goes on."""
Fetch = Callable[[int, int], Iterable[bytes]]
"""Returns so many bytes from a place on."""


class Ranged(io.BufferedIOBase):
    """Reads a blob by ranges; one window of it is in memory."""

    def __init__(self, blob: Blob, told: Told | None = None, fetch: Fetch | None = None) -> None:
        super().__init__()
        self.blob = blob
        self.from_place = fetch or (lambda place, length: read.stream(blob.key, place, length))
        self.told = told
        self.place = 0
        self.window = memoryview(b"")
        self.window_at = 0
        self.ahead = FIRST

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place that is read next."""
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to another place; nothing is fetched for that.

        Raises:
            ValueError: it lies before the beginning.
        """
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.blob.size}[whence]
        if place < 0:
            raise ValueError("A blob has nothing before its beginning.")
        self.place = place
        return place

    def read(self, size: int | None = -1, /) -> bytes:
        """Return ``size`` bytes, fewer only at the end.

        Raises:
            BlobMissing: there is no such blob any more.
            StoreUnavailable: the bucket refuses.
        """
        left = max(0, self.blob.size - self.place)
        if size is not None and size >= 0:
            left = min(left, size)
        pieces = []
        while left:
            at = self.place - self.window_at
            if not 0 <= at < len(self.window):
                self.fetch(left)
                at = 0
            piece = self.window[at : at + left]
            self.place += len(piece)
            left -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def fetch(self, wanted: int) -> None:
        """Make the window begin at the place that is read next."""
        goes_on = bool(self.window) and self.place == self.window_at + len(self.window)
        self.ahead = min(2 * self.ahead, LARGEST) if goes_on else FIRST
        length = min(max(self.ahead, min(wanted, LARGEST)), self.blob.size - self.place)
        self.window = memoryview(b"".join(self.from_place(self.place, length)))
        self.window_at = self.place
        if self.told is not None:
            self.told(self.place)
