"""Writes audit events, in the same transaction as the change they tell of where there is one.

Events are only ever added: each write demands that there is none of its key.
"""

import json
import secrets
import time
from collections.abc import Iterator

from pynamodb.transactions import TransactWrite

from packages_app.audit.entries import Event
from packages_app.audit.models import AuditRow, by_actor, by_month, by_project, by_target
from packages_app.conf import options
from packages_app.tables.base import connection
from packages_app.tables.outcomes import reported


def record_in(transaction: TransactWrite, event: Event) -> None:
    """Add the event to the transaction, in two actions: the change and its trace are written together or not at all."""
    for row in rows_of(event):
        transaction.save(row, AuditRow.pk.does_not_exist())


def record(event: Event) -> None:
    """Write an event that changed nothing in the catalogue, such as a refusal."""
    with reported(), TransactWrite(connection=connection()) as transaction:
        record_in(transaction, event)


def rows_of(event: Event) -> Iterator[AuditRow]:
    """Yield the event's items, of now."""
    now, index = time.time_ns() // 1000, options().index
    id_ = f"{now:017d}-{secrets.token_hex(4)}"
    first = row_of(event, by_month(index, time.strftime("%Y-%m", time.gmtime(now // 1_000_000))), id_)
    if event.project or event.target:
        first.lookup_pk = by_project(index, event.project) if event.project else by_target(index, event.target)
        first.lookup_sk = id_
    yield first
    if event.actor:
        yield row_of(event, by_actor(index, event.actor), id_)


def row_of(event: Event, pk: str, id_: str) -> AuditRow:
    """Return the event as an item of a partition."""
    return AuditRow(
        pk,
        id_,
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
