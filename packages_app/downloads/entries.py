"""Counts of downloads, as other packages see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Day:
    """The downloads of one day, in UTC."""

    day: date
    count: int = 0
    versions: Mapping[str, int] = field(default_factory=dict)
    """Of each version that was downloaded; empty for the index as a whole."""
