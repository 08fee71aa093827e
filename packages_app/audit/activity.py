"""How many files were published on each of the last days: counted from the trail, once for a day that is over."""

import json
import time
from datetime import UTC, date, datetime, timedelta

from packages_app.audit.models import AuditRow, UploadsRow, by_month
from packages_app.conf import options
from packages_app.tables.base import plain_query
from packages_app.tables.outcomes import reported

SECONDS = 2.0
"""How long one call counts; what it does not come to is counted by the next."""
ONE = timedelta(days=1)
PUBLISHES = ("file.publish", "file.replace", "release.publish")


def uploads(days: int = 30) -> list[tuple[date, int | None]]:
    """Return the last days, oldest first, with the files that were published; None where that is not counted yet."""
    ends = time.monotonic() + SECONDS
    today = datetime.now(UTC).date()
    wanted = [today - timedelta(days=back) for back in range(days)]
    known: dict[date, int | None] = dict(kept(wanted[-1]))
    for day in wanted:
        if day in known and day != today:
            continue
        if time.monotonic() > ends:
            known[day] = None
            continue
        known[day] = counted(day)
        if day != today:
            with reported():
                UploadsRow(partition(), day.isoformat(), files=known[day]).save()
    return [(day, known[day]) for day in reversed(wanted)]


def kept(since: date) -> dict[date, int]:
    """Return the days that were counted before."""
    with reported():
        rows = plain_query(partition(), UploadsRow.sk >= since.isoformat())
        return {date.fromisoformat(row["sk"]): int(row["files"]) for row in rows}


def counted(day: date) -> int:
    """Count a day's published files."""
    first, next_ = (int(datetime(at.year, at.month, at.day, tzinfo=UTC).timestamp()) for at in (day, day + ONE))
    within = AuditRow.sk.between(f"{first * 1_000_000:017d}", f"{next_ * 1_000_000:017d}")
    files = 0
    with reported():
        for row in AuditRow.query(
            by_month(options().index, f"{day:%Y-%m}"), within, filter_condition=AuditRow.action.is_in(*PUBLISHES)
        ):
            files += len(json.loads(row.after)) if row.action == "release.publish" else 1
    return files


def partition() -> str:
    """Return where counted days are kept."""
    return f"A#{options().index}#uploads"
