"""Reads the audit trail of all months as one list, newest first, from wherever a reader left off."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from packages_app.audit.entries import Event
from packages_app.audit.models import AuditRow
from packages_app.conf import options
from packages_app.tables.outcomes import reported

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EMPTY_MONTHS = 24
"""Months without an event after which there are taken to be no older ones."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event with its place in the trail."""

    id: str
    """``<microseconds>-<random>``: its key, and the cursor to go on behind it."""
    event: Event

    @property
    def at(self) -> datetime:
        """When it happened, in UTC."""
        return moment(self.id)


def newest(before: str = "", *, limit: int = 100) -> Iterator[Entry]:
    """Yield the events older than the one with this id, or all; ``limit`` is how many one request asks for."""
    month = (moment(before) if before else datetime.now(UTC)).replace(day=1)
    empty = 0
    while empty < EMPTY_MONTHS:
        empty += 1
        for entry in of_month(month, before, limit):
            empty = 0
            yield entry
        month = (month - timedelta(days=1)).replace(day=1)


def of_month(month: datetime, before: str, limit: int) -> Iterator[Entry]:
    """Yield a month's events older than the one with this id."""
    older = AuditRow.sk < before if before else None
    with reported():
        rows = AuditRow.query(f"A#{options().index}#{month:%Y-%m}", older, scan_index_forward=False, page_size=limit)
        for row in rows:
            yield as_entry(row)


def one(id_: str) -> Entry | None:
    """Return the event with this id, by one read."""
    try:
        month = moment(id_)
    except (ValueError, OverflowError):
        return None
    with reported():
        try:
            return as_entry(AuditRow.get(f"A#{options().index}#{month:%Y-%m}", id_))
        except AuditRow.DoesNotExist:
            return None


def moment(id_: str) -> datetime:
    """Return when the event with this id happened.

    Raises:
        ValueError: it is no event's id.
        OverflowError: as above.
    """
    return EPOCH + timedelta(microseconds=int(id_.partition("-")[0]))


def as_entry(row: AuditRow) -> Entry:
    """Return an event's item as other packages see it."""
    event = Event(
        action=row.action,
        actor=row.actor,
        address=row.address,
        source=row.source,
        token=row.token or "",
        project=row.project,
        target=row.target,
        before=json.loads(row.before),
        after=json.loads(row.after),
    )
    return Entry(id=row.sk, event=event)
