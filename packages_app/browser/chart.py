"""Draws counts of days as bars, in numbers that an SVG takes as attributes: the pages' policy forbids inline styles."""

from collections.abc import Sequence
from dataclasses import dataclass

from packages_app.downloads.entries import Day

WIDTH, HEIGHT, GAP = 300.0, 56.0, 2.0
DAYS = 30
"""Days that a chart of downloads shows."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day."""

    day: Day
    x: float
    y: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Bars of all days, oldest first, within ``WIDTH`` and ``HEIGHT``."""

    bars: tuple[Bar, ...]
    bar_width: float
    total: int
    highest: int
    width: float = WIDTH
    height: float = HEIGHT


def chart(days: Sequence[Day]) -> Chart:
    """Return a chart of these days; a day with any download at all is seen."""
    highest = max((day.count for day in days), default=0)
    step = WIDTH / max(len(days), 1)
    bars = []
    for number, day in enumerate(days):
        height = max(2.0, round(HEIGHT * day.count / highest, 1)) if day.count else 0.0
        bars.append(Bar(day=day, x=round(number * step, 1), y=round(HEIGHT - height, 1), height=height))
    total = sum(day.count for day in days)
    return Chart(bars=tuple(bars), bar_width=round(step - GAP, 1), total=total, highest=highest)
