"""Leaves a source alone for a while that does not answer, so that not every project waits for it again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from packages_app.upstream.errors import Fault, SourceFailed

REST_SECONDS = 15.0
WEIGHTS = {Fault.UNREACHABLE: 2, Fault.TLS: 2, Fault.BUSY: 2, Fault.SLOW: 1}
"""A slow answer may be one project's; an upstream that cannot be reached fails all of them."""
ENOUGH = 2


class Rest:
    """How one source has behaved lately, towards this process."""

    def __init__(self) -> None:
        self.faults = 0
        self.until = 0.0
        self.last: SourceFailed | None = None

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Let a question be asked, or not while the source is left alone; remember how it ended.

        Raises:
            SourceFailed: the source is left alone.
        """
        left = self.until - time.monotonic()
        if left > 0 and self.last is not None:
            raise SourceFailed(self.last.fault, f"{self.last} It is left alone for a while.", wait=left)
        try:
            yield
        except SourceFailed as error:
            self.faults += 0 if error.elsewhere else WEIGHTS.get(error.fault, 0)
            if self.faults >= ENOUGH:
                self.faults, self.last = 0, error
                self.until = time.monotonic() + max(error.wait, REST_SECONDS)
            raise
        self.faults = 0
