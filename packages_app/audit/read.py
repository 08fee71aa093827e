"""Reads audit events, newest first."""

import json
from collections.abc import Iterator

from packages_app.audit.entries import Event
from packages_app.audit.models import AuditRow
from packages_app.conf import options
from packages_app.tables.outcomes import reported


def events(month: str) -> Iterator[Event]:
    """Yield the events of ``month`` (``yyyy-mm``, UTC), newest first, page by page."""
    with reported():
        for row in AuditRow.query(f"A#{options().index}#{month}", scan_index_forward=False):
            yield Event(
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
