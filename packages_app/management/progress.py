"""A progress line on the terminal, where there is one."""

import time
from typing import Self, TextIO

BETWEEN = 0.1
"""Seconds between two updates of the line."""
WIDTH = 20
ERASED = "\r\x1b[K"
"""Back to the start of the line, and away with what stands there."""


class Line:
    """Shows what is being done and how far it is, on one line; on what is no terminal it shows nothing."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.shown = stream.isatty()
        self.stage = ""
        self.next = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that ``done`` things of ``total`` are through; a total of 0 is one that nobody knows."""
        now = time.monotonic()
        if self.shown and (stage != self.stage or now >= self.next):
            self.stage, self.next = stage, now + BETWEEN
            self.stream.write(f"{ERASED}{text(stage, done, total)}")
            self.stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away, before other text is written."""
        if self.shown and self.stage:
            self.stream.write(ERASED)
            self.stream.flush()
            self.stage = ""


def text(stage: str, done: int, total: int) -> str:
    """Return the line's text, with a bar where the total is known."""
    if not total:
        return f"{stage}: {done:,}" if done else stage
    filled = min(WIDTH, WIDTH * done // total)
    return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {stage}: {done:,} of {total:,}"
