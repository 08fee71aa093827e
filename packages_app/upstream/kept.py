"""Reads and writes what is kept of a project's upstream: its item, and by lease who may ask the upstream now.

Only who holds the lease writes what came of asking, and each write demands that the lease is still the writer's own. So
what a process that was stopped for an hour brings back is thrown away.
"""

import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from packages_app.conf import options
from packages_app.tables.base import plain_item
from packages_app.tables.conditional import updated
from packages_app.tables.outcomes import reported
from packages_app.upstream.entries import Kept, Validators
from packages_app.upstream.models import PageRow, page_partition

LONGEST_LEASE = 60.0
"""Seconds; a lease that ends later than that was written by another clock, and counts for nothing."""
SKEW = 60.0
"""Seconds that clocks of several machines may differ by, and that pass between reading a clock and writing."""
LONGEST_RETRY = 600.0
"""Seconds; the same for when to ask again after a failure."""
LONGEST_FAULT = 300
MICRO = 1_000_000


def read(project: str) -> Kept:
    """Return what is kept of a project, by one read; an empty record where nothing is."""
    with reported():
        row = plain_item(page_partition(options().index, project), "#") or {}
    source = row.get("source", "")
    return Kept(
        project=project,
        body=row.get("body", ""),
        absent=row.get("absent", False),
        seen=row.get("seen", False),
        serial=int(row.get("serial", 0)),
        status=row.get("status", "active"),
        validators=Validators(source=source, etag=row.get("etag", ""), last_modified=row.get("last_modified", ""))
        if source
        else None,
        checked_at=int(row.get("checked_at", 0)),
        retry_at=int(row.get("retry_at", 0)),
        fault=row.get("fault", ""),
    )


def unseen_in(transaction: TransactWrite, project: str) -> None:
    """Let a transaction fail if the upstream was seen to have the project."""
    key = page_partition(options().index, project)
    transaction.condition_check(PageRow, key, "#", PageRow.seen.does_not_exist())


def lease(project: str, seconds: float) -> str | None:
    """Take the right to ask the upstream for a project, and return its token; None while somebody else has it."""
    token, at = secrets.token_hex(8), now()
    until = at + int(min(seconds, LONGEST_LEASE) * MICRO)
    free = (
        PageRow.leased_until.does_not_exist()
        | (PageRow.leased_until < at)
        # Not at once beyond the longest one: somebody may have taken theirs since this read its clock.
        | (PageRow.leased_until > at + int((LONGEST_LEASE + SKEW) * MICRO))
    )
    sets = [PageRow.lease.set(token), PageRow.leased_until.set(until)]
    return token if updated(row_of(project), sets, free) else None


def fetched(kept: Kept, token: str, *, body: str, status: str, validators: Validators) -> bool:
    """Put down that a page came, as it is now; return whether the lease still held."""
    serial = kept.serial if body == kept.body else max(now(), kept.serial + 1)
    return write(
        kept.project,
        token,
        [
            PageRow.body.set(body),
            PageRow.seen.set(True),
            PageRow.absent.remove(),
            PageRow.serial.set(serial),
            PageRow.status.set(status),
            PageRow.source.set(validators.source),
            PageRow.etag.set(validators.etag) if validators.etag else PageRow.etag.remove(),
            PageRow.last_modified.set(validators.last_modified)
            if validators.last_modified
            else PageRow.last_modified.remove(),
            *confirmed(),
            PageRow.expires.remove(),
        ],
    )


def unchanged(kept: Kept, token: str) -> bool:
    """Put down that the kept page was confirmed; return whether the lease still held."""
    return write(kept.project, token, confirmed())


def absent(kept: Kept, token: str) -> bool:
    """Put down that there is no such project; return whether the lease still held."""
    sets = [PageRow.absent.set(True), PageRow.body.remove(), PageRow.source.remove(), *confirmed()]
    if kept.seen:
        sets.append(PageRow.serial.set(max(now(), kept.serial + 1)))
    else:
        # Names that never were are of no use for long, and anybody who may read can think of any number of them.
        sets.append(PageRow.expires.set(datetime.now(UTC) + timedelta(seconds=options().upstream.missing, days=1)))
    return write(kept.project, token, sets)


def failed(kept: Kept, token: str, sentence: str, wait: float) -> bool:
    """Put down that the upstream failed, and for how long it is not asked; return whether the lease still held."""
    sets = [
        PageRow.fault.set(sentence[:LONGEST_FAULT]),
        PageRow.retry_at.set(now() + int(min(wait, LONGEST_RETRY) * MICRO)),
        PageRow.lease.remove(),
        PageRow.leased_until.remove(),
    ]
    if not kept.seen:
        sets.append(PageRow.expires.set(datetime.now(UTC) + timedelta(days=1)))
    return write(kept.project, token, sets)


def lost(known: Kept) -> None:
    """Forget a page whose bytes are gone from the file store, so that the next caller fetches it anew."""
    sets = [PageRow.body.remove(), PageRow.source.remove(), PageRow.checked_at.remove()]
    updated(row_of(known.project), sets, PageRow.body == known.body)


def confirmed() -> list[Action]:
    """Return the changes that every good answer makes."""
    return [
        PageRow.checked_at.set(now()),
        PageRow.retry_at.remove(),
        PageRow.fault.remove(),
        PageRow.lease.remove(),
        PageRow.leased_until.remove(),
    ]


def write(project: str, token: str, sets: Sequence[Action]) -> bool:
    """Change the item if the lease is still this one; return whether it was."""
    return updated(row_of(project), sets, PageRow.lease == token)


def row_of(project: str) -> PageRow:
    """Return the item's key."""
    return PageRow(page_partition(options().index, project), "#")


def now() -> int:
    """Return the time in microseconds since the epoch."""
    return time.time_ns() // 1000
