"""A progress line on the terminal, where there is one."""

import time
from typing import TextIO

BETWEEN = 0.1
"""Seconds between two updates of the line."""
WIDTH = 20


class Line:
    """Shows what is being done and how far it is, on one line; on what is no terminal it shows nothing."""

    def __init__(self, stream: TextIO, *, total: int = 0) -> None:
        self.stream = stream
        self.shown = stream.isatty()
        self.total = total
        self.stage = ""
        self.next = 0.0

    def __call__(self, stage: str, done: int) -> None:
        """Say that ``done`` things are through."""
        now = time.monotonic()
        if self.shown and (stage != self.stage or now >= self.next):
            self.stage, self.next = stage, now + BETWEEN
            self.stream.write(f"\r\x1b[K{self.bar(done)}{stage}: {done:,}{f' of {self.total:,}' * bool(self.total)}")
            self.stream.flush()

    def bar(self, done: int) -> str:
        """Return a bar, where the total is known."""
        if not self.total:
            return ""
        filled = min(WIDTH, WIDTH * done // self.total)
        return f"[{'#' * filled}{'.' * (WIDTH - filled)}] "

    def clear(self) -> None:
        """Take the line away, before other text is written."""
        if self.shown and self.stage:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self.stage = ""
