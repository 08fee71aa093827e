"""Reads audit events: all by time, or those of a project, of a target, or of who did it; never by a scan."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.expressions.condition import Condition

from packages_app.audit.entries import Event, Trail
from packages_app.audit.errors import BadCursor
from packages_app.audit.models import AuditRow, by_actor, by_month, by_project, by_target
from packages_app.conf import options
from packages_app.tables.outcomes import reported

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
"""No index of this kind is older, so no partition before it is looked into."""
ID = re.compile(r"[0-9]{17}-[0-9a-f]{8}")
MOST_EVENTS = 1000
"""Events that one page has at most."""
MOST_READ = 2000
"""Events that one page looks through at most, where it is asked for some of them only."""
MOST_MONTHS = 36
"""Partitions that one page looks through at most."""


def events(month: str) -> Iterator[Event]:
    """Yield the events of ``month`` (``yyyy-mm``, UTC), newest first, page by page."""
    with reported():
        for row in AuditRow.query(by_month(options().index, month), scan_index_forward=False):
            yield event_of(row)


def between(since: datetime, until: datetime) -> Iterator[Event]:
    """Yield all events from ``since`` to before ``until``, the oldest first, to the end."""
    first, last = id_at(since), id_at(until)
    for month in months(since, until):
        with reported():
            for row in AuditRow.query(by_month(options().index, month), AuditRow.sk.between(first, last)):
                yield event_of(row)


def trail(
    *,
    project: str = "",
    actor: str = "",
    target: str = "",
    since: datetime = BEGINNING,
    until: datetime | None = None,
    cursor: str = "",
    limit: int = 50,
) -> Trail:
    """Return a page of events from ``since`` to before ``until``, the newest first.

    Those of a project, or of a target that belongs to no project; by an actor; with more than one of these, of what is
    both. ``cursor`` comes from the page before; a page may have fewer events than asked for, and still a cursor.

    Raises:
        BadCursor: it does not.
    """
    if cursor and not ID.fullmatch(cursor):
        raise BadCursor("This is no place in the trail to go on from; begin again without it.")
    limit = max(1, min(limit, MOST_EVENTS))
    first = id_at(since)
    now = datetime.now(UTC) + timedelta(days=1)
    last = min(filter(None, (cursor, id_at(min(until or now, now)))))
    if first >= last:
        return Trail(events=())
    if not (project or target or actor):
        return by_time(first, last, limit)
    index = options().index
    if not (project or target):
        rows = backwards(by_actor(index, actor), AuditRow.sk.between(first, last), limit)
    else:
        key = by_project(index, project) if project else by_target(index, target)
        rows = backwards(key, AuditRow.lookup_sk.between(first, last), limit, in_lookup=True)
    return page(rows, last, limit, actor=actor)


def backwards(key: str, wanted: Condition, limit: int, *, in_lookup: bool = False) -> Iterator[Any]:
    """Return the rows of a partition, or of a key of the lookup index, the newest first."""
    query = AuditRow.lookup.query if in_lookup else AuditRow.query
    return query(key, wanted, scan_index_forward=False, limit=MOST_READ + 1, page_size=min(limit + 2, 200))


def page(rows: Iterable[AuditRow], before: str, limit: int, *, actor: str) -> Trail:
    """Return a page of rows; ``before`` is where it begins, and not of it."""
    found: list[Event] = []
    place = before
    with reported():
        for number, row in enumerate(rows):
            if len(found) == limit or number == MOST_READ:
                return Trail(events=tuple(found), cursor=place)
            place = row.sk
            if row.sk < before and actor in {"", row.actor}:
                found.append(event_of(row))
    return Trail(events=tuple(found))


def by_time(first: str, last: str, limit: int) -> Trail:
    """Return a page of all events between two ids, month by month backwards."""
    found: list[Event] = []
    past = list(months(time_of(first), time_of(last)))[::-1]
    for month in past[:MOST_MONTHS]:
        with reported():
            rows = AuditRow.query(
                by_month(options().index, month),
                AuditRow.sk.between(first, last),
                scan_index_forward=False,
                limit=limit + 2 - len(found),
            )
            found += [event_of(row) for row in rows if row.sk < last]
        if len(found) > limit:
            return Trail(events=tuple(found[:limit]), cursor=found[limit - 1].id)
    if len(past) <= MOST_MONTHS:
        return Trail(events=tuple(found))
    begin = datetime.strptime(past[MOST_MONTHS - 1], "%Y-%m").replace(tzinfo=UTC)
    return Trail(events=tuple(found), cursor=f"{id_at(begin)}00000000")


def months(since: datetime, until: datetime) -> Iterator[str]:
    """Yield the months that a range of time touches, the oldest first."""
    year, month = since.year, since.month
    while (year, month) <= (until.year, until.month):
        yield f"{year:04d}-{month:02d}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December


def id_at(moment: datetime) -> str:
    """Return what sorts before the ids of all events from this moment on, and behind those before it."""
    return f"{max(0, (moment - EPOCH) // timedelta(microseconds=1)):017d}-"


def time_of(id_: str) -> datetime:
    """Return the moment that an id begins with."""
    return EPOCH + timedelta(microseconds=int(id_[:17]))


def event_of(row: AuditRow) -> Event:
    """Return an item as other packages see it."""
    return Event(
        action=row.action,
        actor=row.actor,
        address=row.address,
        source=row.source,
        token=row.token or "",
        project=row.project,
        target=row.target,
        before=json.loads(row.before),
        after=json.loads(row.after),
        id=row.sk,
        at=time_of(row.sk),
    )
