"""Reads and writes the items of kept files, and by lease who may fetch one now."""

import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from packages_app.audit.entries import Event
from packages_app.audit.write import record
from packages_app.conf import options
from packages_app.tables.base import plain_item
from packages_app.tables.conditional import updated
from packages_app.tables.outcomes import reported
from packages_app.upstream.entries import KeptFile, Wanted
from packages_app.upstream.errors import NotAsAnnounced
from packages_app.upstream.kept import MICRO, SKEW, now
from packages_app.upstream.models import FileRow, bytes_of, page_partition

log = logging.getLogger(__name__)

LEASE_SECONDS = 300.0
REFUSED_SECONDS = 300
"""For how long other bytes than announced are not fetched again."""


def is_kept(wanted: Wanted) -> KeptFile | None:
    """Return the bytes if they are kept, by one read.

    Raises:
        NotAsAnnounced: the upstream had other bytes a moment ago.
    """
    with reported():
        row = plain_item(page_partition(options().index, wanted.project), wanted.key) or {}
    if "kept_at" in row:
        return KeptFile(filename=wanted.filename, digest=row["digest"], size=int(row["size"]), metadata=wanted.metadata)
    if 0 <= now() - int(row.get("refused_at", 0)) < REFUSED_SECONDS * MICRO:
        raise not_as_announced(wanted)
    return None


def put_down(wanted: Wanted, size: int) -> KeptFile:
    """Put down that the bytes are kept under their digest, and return them."""
    file = wanted.file
    with reported():
        row_of(wanted).update(
            [
                FileRow.digest.set(wanted.digest),
                FileRow.size.set(size),
                FileRow.version.set(file.version),
                FileRow.filetype.set(file.filetype),
                FileRow.upload_time.set(file.upload_time),
                FileRow.url.set(file.url),
                FileRow.kept_at.set(now()),
                FileRow.lookup_pk.set(bytes_of(wanted.digest)),
                FileRow.lookup_sk.set(f"{wanted.project}#{wanted.key}"),
                FileRow.refused_at.remove(),
                FileRow.expires.remove(),
            ]
        )
    return KeptFile(filename=wanted.filename, digest=wanted.digest, size=size, metadata=wanted.metadata)


def refuse(wanted: Wanted, received: str) -> NoReturn:
    """Put down that other bytes came than were announced.

    Raises:
        NotAsAnnounced: always.
    """
    log.error("the upstream's bytes of %s are not the announced ones: %s", wanted.filename, received)
    record(
        Event(
            action="upstream.mismatch",
            actor="upstream",
            source="upstream",
            project=wanted.project,
            target=wanted.filename,
            before={"sha256": wanted.digest},
            after={"received": received, "url": wanted.url},
        )
    )
    with reported():
        row_of(wanted).update([FileRow.refused_at.set(now()), FileRow.expires.set(leftover())])
    raise not_as_announced(wanted)


def not_as_announced(wanted: Wanted) -> NotAsAnnounced:
    """Return the refusal of other bytes."""
    return NotAsAnnounced(
        f"The upstream's bytes of {wanted.filename} are not the ones that its page announces; they were thrown away. "
        "Its operator, or whoever sits in between, must mend that."
    )


def lease(wanted: Wanted) -> str | None:
    """Take the right to fetch a file, and return its token; None while somebody else has it."""
    token, at = secrets.token_hex(8), now()
    free = (
        FileRow.leased_until.does_not_exist()
        | (FileRow.leased_until < at)
        | (FileRow.leased_until > at + int((LEASE_SECONDS + SKEW) * MICRO))
    )
    sets = [
        FileRow.lease.set(token),
        FileRow.leased_until.set(at + int(LEASE_SECONDS * MICRO)),
        # The item of a file that never comes must not stay; `put_down` takes this away.
        FileRow.expires.set(leftover()),
    ]
    return token if updated(row_of(wanted), sets, FileRow.kept_at.does_not_exist() & free) else None


def first_to_ask(wanted: Wanted) -> bool:
    """Put down that a file is to be fetched later; return whether nobody did a moment ago."""
    at = now()
    free = (
        FileRow.asked_at.does_not_exist()
        | (FileRow.asked_at < at - int(LEASE_SECONDS * MICRO))
        | (FileRow.asked_at > at + int(SKEW * MICRO))
    )
    sets = [FileRow.asked_at.set(at), FileRow.expires.set(leftover())]
    return updated(row_of(wanted), sets, FileRow.kept_at.does_not_exist() & free)


def release(wanted: Wanted, token: str | None) -> None:
    """Give the right to fetch back."""
    if token is not None:
        updated(row_of(wanted), [FileRow.lease.remove(), FileRow.leased_until.remove()], FileRow.lease == token)


def leftover() -> datetime:
    """Return when an item that never became a kept file may go."""
    return datetime.now(UTC) + timedelta(days=1)


def row_of(wanted: Wanted) -> FileRow:
    """Return the item's key."""
    return FileRow(page_partition(options().index, wanted.project), wanted.key)
