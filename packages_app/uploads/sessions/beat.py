"""Tells from time to time how far long work is, so that others know that it goes on."""

import time
from collections.abc import Callable

SECONDS = 10.0
"""How often, well within the silence after which others take the work up."""


class Beat:
    """Called again and again with how far the work is; passes that on once in a while."""

    def __init__(self, note: Callable[[int], object]) -> None:
        self.note = note
        self.last = time.monotonic()

    def __call__(self, done: int) -> None:
        """Pass it on, if the last time is long enough ago."""
        if time.monotonic() - self.last >= SECONDS:
            self.last = time.monotonic()
            self.note(done)

    def at(self, done: int) -> Callable[[int], None]:
        """Return what says, whatever it is told, that the work goes on and is still this far."""
        return lambda _: self(done)
