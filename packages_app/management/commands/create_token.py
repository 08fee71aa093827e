"""Makes an API token."""

import argparse
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.roles import Action
from packages_app.accounts.tokens.issue import issue
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


def days(text: str) -> timedelta:
    """Return a number of days from 1 up."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"it must be a whole number from 1 to {MOST_DAYS}")
    return timedelta(days=int(text))


MOST_DAYS = 3650


class Command(BaseCommand):
    """Prints the token, and nothing else, to standard output."""

    help = (
        "Make an API token of a user and print it; it is never shown again. A client sends it as the password of the "
        "user __token__. It can never do more than its owner may."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("owner", help="the user whom the token speaks for")
        parser.add_argument("--description", default="", help="what it is for, such as: CI of acme-core")
        parser.add_argument(
            "--action",
            action="append",
            choices=[action.value for action in Action],
            help="what it may do; may be repeated (default: read)",
        )
        parser.add_argument(
            "--project", action="append", metavar="PATTERN", help="a project or pattern; may be repeated (default: *)"
        )
        parser.add_argument(
            "--network", action="append", default=[], metavar="CIDR", help="where it may be used from; may be repeated"
        )
        parser.add_argument("--days", type=days, help="how long it lives (default: until it is revoked)")

    def handle(self, *_: Any, **given: Any) -> None:
        with told():
            token, text = issue(
                operator(),
                owner=given["owner"],
                description=given["description"],
                actions=frozenset(Action(action) for action in given["action"] or ["read"]),
                patterns=tuple(given["project"] or ["*"]),
                networks=tuple(given["network"]),
                expires=datetime.now(UTC) + given["days"] if given["days"] else None,
                source=SOURCE,
            )
        self.stderr.write(f"The token {token.id} was made; this is the only time it is shown.")
        self.stdout.write(text)
