"""Reads how often files were downloaded."""

from datetime import UTC, date, datetime, timedelta

from packages_app.conf import options
from packages_app.downloads.entries import Day
from packages_app.downloads.models import VERSION, DownloadsRow, partition
from packages_app.tables.base import plain_query
from packages_app.tables.outcomes import reported

MOST_DAYS = 731


def read(project: str, days: int = 30, *, until: date | None = None) -> tuple[Day, ...]:
    """Return the last days of a project (normalised name), today the last; days without downloads are among them.

    An empty name stands for the index as a whole. It takes one query.
    """
    last = until or datetime.now(UTC).date()
    first = last - timedelta(days=max(1, min(days, MOST_DAYS)) - 1)
    with reported():
        rows = plain_query(
            partition(options().index, project), DownloadsRow.sk.between(first.isoformat(), last.isoformat())
        )
        found = {
            row["sk"]: Day(
                day=date.fromisoformat(row["sk"]),
                count=int(row.get("total", 0)),
                versions={
                    name.removeprefix(VERSION): int(value) for name, value in row.items() if name.startswith(VERSION)
                },
            )
            for row in rows
        }
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(found.get(day.isoformat()) or Day(day=day) for day in every)
