"""Lets bytes that nothing lists be removed, while uploads of the same bytes may be under way.

Whoever removes bytes puts a new token, the claim, into their retired row first, and it stays there afterwards. Whoever
uploads reads the claim before the bytes are stored, and lists them only if it is still the same. So whatever the order,
bytes are never listed that were removed after they were stored: such an upload is told to try again.
"""

import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from packages_app.catalogue.entries import File, Retired
from packages_app.catalogue.errors import Busy
from packages_app.catalogue.models import FileRow, RetiredRow, file_key, partition, retired_key
from packages_app.conf import options
from packages_app.tables.base import connection
from packages_app.tables.outcomes import failed_conditions, is_conflict, reported

CLAIM_SECONDS = 900
"""How long a claim keeps others off; whoever has one acts within a small part of it."""
KEPT = timedelta(days=7)
"""How long the row of removed bytes stays: far longer than any upload is under way."""


def fence(file: File) -> str:
    """Return the claim on a file's bytes as it stands; ask before they are stored, and hand it to `write.publish`.

    Raises:
        Busy: the bytes are being removed this moment.
    """
    with reported():
        try:
            row = RetiredRow.get(
                partition(options().index, file.project), retired_key(file.sha256, file.filename), consistent_read=True
            )
        except RetiredRow.DoesNotExist:
            return ""
    if row.claim and not row.collected and row.claimed_at > lapsed():
        raise Busy("These bytes are being cleared away this moment; try again in a moment.")
    return row.claim or ""


def untouched(fence_: str) -> Condition:
    """Return the condition that nobody claimed the bytes since the fence was read."""
    condition: Condition = RetiredRow.claim == fence_ if fence_ else RetiredRow.claim.does_not_exist()
    return condition


def claim_retired(retired: Retired) -> str:
    """Claim retired bytes for removal, and return the claim; empty when they are listed again, or somebody else's."""
    token = secrets.token_hex(8)
    with reported():
        try:
            row_of(retired).update(
                [RetiredRow.claim.set(token), RetiredRow.claimed_at.set(now())],
                condition=RetiredRow.pk.exists()
                & (RetiredRow.claim.does_not_exist() | (RetiredRow.collected.does_not_exist() & stale())),
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return ""
    return token


def claim_unlisted(readings: Sequence[Retired]) -> str:
    """Claim for removal bytes that no row knows, in each project they could be of; empty when a row knows them."""
    token = secrets.token_hex(8)
    try:
        with reported(), TransactWrite(connection=connection()) as transaction:
            for stray in readings:
                transaction.condition_check(
                    FileRow,
                    partition(options().index, stray.project),
                    file_key(stray.filename),
                    FileRow.pk.does_not_exist() | (FileRow.sha256 != stray.sha256),
                )
                row = row_of(stray)
                row.size, row.sha256 = stray.size, stray.sha256
                row.claim, row.claimed_at, row.retired_at = token, now(), now()
                transaction.save(row, RetiredRow.pk.does_not_exist() | RetiredRow.collected.exists() | stale())
    except TransactWriteError as error:
        if any(failed_conditions(error)) or is_conflict(error):
            return ""
        raise
    return token


def finish(retired: Retired, claim: str) -> None:
    """Say that claimed bytes are gone; a row that has another claim by now, or is no more, is left as it is."""
    with reported():
        try:
            row_of(retired).update(
                [RetiredRow.collected.set(True), RetiredRow.expires.set(datetime.now(UTC) + KEPT)],
                condition=RetiredRow.claim == claim,
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def row_of(retired: Retired) -> RetiredRow:
    """Return the retired row's key as an item."""
    return RetiredRow(partition(options().index, retired.project), retired_key(retired.sha256, retired.filename))


def stale() -> Condition:
    """Return the condition that a claim is so old that its owner cannot be at it any more."""
    condition: Condition = RetiredRow.claimed_at < lapsed()
    return condition


def now() -> int:
    """Return the time in microseconds since the epoch."""
    return time.time_ns() // 1000


def lapsed() -> int:
    """Return the time before which claims have lapsed, in microseconds since the epoch."""
    return now() - CLAIM_SECONDS * 1_000_000
