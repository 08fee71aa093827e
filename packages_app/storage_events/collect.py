"""Removes bytes that nobody needs any more, so that none is removed which somebody lists at the same time.

Whoever removes claims the bytes first, by a retired row that says ``collecting``; publishing the same bytes fails while
the claim stands. An upload may have put its bytes just before they are removed, and list them only afterwards. So
claims are given back together at the end, when every such upload has met one.
"""

import time
from collections.abc import Callable, Sequence
from typing import Self

from packages_app.catalogue import write
from packages_app.catalogue.entries import Retired
from packages_app.catalogue.transact import PATIENCE
from packages_app.file_store import keys
from packages_app.file_store import write as store

HOLD_SECONDS = PATIENCE + 10
"""How long a claim stands after the bytes went: longer than an upload waits for its place in the catalogue."""
ACT_SECONDS = 60.0
"""How soon after a claim its bytes are removed, or not at all: a small part of what the claim lasts."""


class Collector:
    """Claims, removes, and on its way out gives the claims back."""

    def __init__(self) -> None:
        self.claims: list[Retired] = []
        self.removed_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        # After a failure or Ctrl-C nobody wants to wait: the claims lapse, and the next run takes them up.
        if kind is None:
            self.finish()

    def retired(self, bytes_: Retired) -> bool:
        """Remove retired bytes; False when they are listed again, or somebody else removes them."""
        return self.remove((bytes_,), lambda: write.begin_collecting(bytes_))

    def unlisted(self, readings: Sequence[Retired]) -> bool:
        """Remove bytes that no row knows, given for each project they could be of; False when a row knows them."""
        return self.remove(readings, lambda: write.claim_unlisted(readings))

    def remove(self, readings: Sequence[Retired], claim: Callable[[], bool]) -> bool:
        """Claim, and remove the distribution and what lies beside it."""
        began = time.monotonic()
        if not claim():
            return False
        self.claims.extend(readings)
        sha256, filename = readings[0].sha256, readings[0].filename
        for key in (keys.metadata(sha256, filename), keys.attestations(sha256, filename), keys.blob(sha256, filename)):
            if time.monotonic() - began > ACT_SECONDS:  # the claim may be somebody else's by the time we act on it
                return False
            store.remove(key)
        self.removed_at = time.monotonic()
        return True

    def finish(self) -> None:
        """Give back every claim, once no upload can be left that put its bytes before they were removed."""
        if self.claims:
            time.sleep(max(0.0, self.removed_at + HOLD_SECONDS - time.monotonic()))
        while self.claims:
            write.end_collecting(self.claims.pop())
