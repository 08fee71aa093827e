"""Writes the audit trail out as JSON lines."""

import argparse
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from packages_app.audit.entries import Event
from packages_app.audit.read import between
from packages_app.management.described import DescribedCommand
from packages_app.management.refusals import told

DESCRIPTION = """\
Write the audit trail to standard output, the oldest event first, one JSON object a line:

  manage.py audit export --from 2026-01-01 --to 2026-02-01 > january.jsonl

Times are in UTC; --to is not included. Nothing is ever removed from the trail."""


class Command(DescribedCommand):
    """Prints a line an event."""

    help = DESCRIPTION

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("action", choices=["export"])
        parser.add_argument(
            "--from", dest="since", type=moment, metavar="DATE", help="the first day (default: 30 days ago)"
        )
        parser.add_argument("--to", dest="until", type=moment, metavar="DATE", help="the day after the last one")
        parser.add_argument("--project", default="", metavar="NAME", help="events of one project only")
        parser.add_argument("--actor", default="", metavar="USER", help="events by one user only")

    def handle(self, *_: Any, **given: Any) -> None:
        now = datetime.now(UTC)
        since, until = given["since"] or now - timedelta(days=30), given["until"] or now + timedelta(days=1)
        with told():
            for event in between(since, until):
                if given["project"] in {"", event.project} and given["actor"] in {"", event.actor}:
                    self.stdout.write(line(event))


def line(event: Event) -> str:
    """Return an event as one line."""
    return json.dumps(
        {
            "id": event.id,
            "at": event.at.isoformat(timespec="microseconds") if event.at is not None else None,
            "action": event.action,
            "actor": event.actor,
            "token": event.token,
            "address": event.address,
            "source": event.source,
            "project": event.project,
            "target": event.target,
            "before": event.before,
            "after": event.after,
        },
        ensure_ascii=False,
    )


def moment(text: str) -> datetime:
    """Return a day or a moment, in UTC where it does not say; for argparse."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day such as 2026-01-31, or a time such as 2026-01-31T12:00") from None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given
