"""Bar charts as SVG: drawn here, so that pages need no script and load nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 600.0, 120.0
GAP = 0.25
"""Part of a bar's place that is left free."""


@dataclass(frozen=True)
class Bar:
    """A day's bar, in the picture's units; ``known`` is false for a day that is not counted yet."""

    day: date
    count: int
    known: bool
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Plot:
    """A bar chart of counts per day."""

    title: str
    bars: tuple[Bar, ...]
    total: int
    most: int
    partial: bool
    """Whether days are missing from it."""
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def shown_total(self) -> str:
        """The sum as people read it."""
        return f"{self.total:,}"

    @property
    def shown_most(self) -> str:
        """The tallest bar's count as people read it."""
        return f"{self.most:,}"


def per_day(title: str, counts: Sequence[tuple[date, int | None]]) -> Plot:
    """Return the chart of counts per day, oldest first; None is a day that nobody counted yet."""
    most = max((count or 0 for _, count in counts), default=0)
    place = WIDTH / max(1, len(counts))
    bars = []
    for number, (day, count) in enumerate(counts):
        # What is not nothing is seen: at least a unit and a half.
        height = max(1.5, HEIGHT * (count or 0) / most) if count else 0.0
        bars.append(
            Bar(
                day=day,
                count=count or 0,
                known=count is not None,
                left=round(number * place + place * GAP / 2, 2),
                top=round(HEIGHT - height, 2),
                width=round(place * (1 - GAP), 2),
                height=round(height, 2),
            )
        )
    return Plot(
        title=title,
        bars=tuple(bars),
        total=sum(count or 0 for _, count in counts),
        most=most,
        partial=any(count is None for _, count in counts),
    )
