"""Removes bytes that nobody needs any more: claims them, removes them, and says that they are gone."""

import time
from collections.abc import Callable, Sequence

from packages_app.catalogue import collect
from packages_app.catalogue.entries import Retired
from packages_app.file_store import keys
from packages_app.file_store import write as store

ACT_SECONDS = 60.0
"""How soon after a claim its bytes are removed, or not at all: a small part of what the claim lasts."""


def retired(bytes_: Retired) -> bool:
    """Remove retired bytes; False when they are listed again, or somebody else removes them."""
    return remove((bytes_,), lambda: collect.claim_retired(bytes_))


def unlisted(readings: Sequence[Retired]) -> bool:
    """Remove bytes that no row knows, given for each project they could be of; False when a row knows them."""
    return remove(readings, lambda: collect.claim_unlisted(readings))


def remove(readings: Sequence[Retired], claim: Callable[[], str]) -> bool:
    """Claim, and remove the distribution and what lies beside it."""
    began = time.monotonic()
    token = claim()
    if not token:
        return False
    sha256, filename = readings[0].sha256, readings[0].filename
    for key in (*keys.beside(sha256, filename), keys.blob(sha256, filename)):
        if time.monotonic() - began > ACT_SECONDS:  # the claim may be somebody else's by the time we act on it
            return False
        store.remove(key)
    for reading in readings:
        collect.finish(reading, token)
    return True
