"""What reconcile and verify find, as frozen records, and what they are told to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""Told the name of the present stage, how many things it has been through, and of how many; 0 when nobody knows."""


class Kind(Enum):
    """How the store and the catalogue differ."""

    UNLISTED = "unlisted"
    """A distribution in the store that nothing lists, under a name that is free."""
    CORRUPT = "corrupt"
    """Bytes that do not have the digest they should."""
    MISSING = "missing"
    """A listed file whose bytes are not in the store."""
    SIDECAR = "sidecar"
    """A listed file whose .metadata, .pkg-info or attestations are not in the store, or are others."""
    STRAY = "stray"
    """A distribution in the store that nothing lists, under a name that is listed with other bytes."""
    ORPHAN = "orphan"
    """A .metadata, .pkg-info or attestations in the store without their distribution."""
    RETIRED = "retired"
    """Bytes that were replaced or withdrawn long enough ago, and kept pages of another index, that nobody needs any
    more."""
    OUTDATED = "outdated"
    """A project of which lists and the search show something else than what it is."""
    FOREIGN = "foreign"
    """Something in the store that is no distribution of this index."""
    UNFINISHED = "unfinished"
    """A file of an upload session to complete, a session to publish, or a file of another index to fetch, that nobody
    brought to its end."""
    INCOMING = "incoming"
    """Something in the bucket's incoming area that no event took up."""


class Outcome(Enum):
    """What became of a finding."""

    FOUND = "found"
    """Nothing yet: this is a dry run."""
    MENDED = "mended"
    LEFT = "left alone"
    """Nothing has to be done here, or somebody else does it."""
    FAILED = "not mended"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One difference, and what became of it."""

    kind: Kind
    target: str
    """A file name, or the key of what is foreign."""
    sentence: str
    outcome: Outcome = Outcome.FOUND


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the operator wants of reconcile."""

    apply: bool = False
    """Whether differences are mended, or only told."""
    grace: timedelta = timedelta(hours=24)
    """How long bytes that nothing lists stay readable, for clients that hold an older page."""
    allow_empty_store: bool = False
    """Whether a store without any file may empty the catalogue."""
    state: Path | None = None
    """A file that holds how far the run is, for another run to go on from; it goes when the run is through."""


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""
    del stage, done, total
