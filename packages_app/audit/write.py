"""Writes audit events, in the same transaction as the change they tell of where there is one."""

import json
import secrets
import time

from pynamodb.transactions import TransactWrite

from packages_app.audit.entries import Event
from packages_app.audit.models import AuditRow
from packages_app.conf import options
from packages_app.tables.outcomes import reported


def record_in(transaction: TransactWrite, event: Event) -> None:
    """Add the event to the transaction: the change and its trace are written together or not at all."""
    transaction.save(row_of(event))


def record(event: Event) -> None:
    """Write an event that changed nothing in the catalogue, such as a refusal."""
    with reported():
        row_of(event).save()


def row_of(event: Event) -> AuditRow:
    """Return the event as its item, of now."""
    now = time.time_ns() // 1000
    month = time.strftime("%Y-%m", time.gmtime(now // 1_000_000))
    return AuditRow(
        f"A#{options().index}#{month}",
        f"{now:017d}-{secrets.token_hex(4)}",
        action=event.action,
        actor=event.actor,
        address=event.address,
        source=event.source,
        token=event.token or None,
        project=event.project,
        target=event.target,
        before=json.dumps(event.before, sort_keys=True),
        after=json.dumps(event.after, sort_keys=True),
    )
