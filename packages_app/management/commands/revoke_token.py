"""Revokes an API token."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.tokens.issue import revoke
from packages_app.accounts.tokens.text import read
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Revokes one token."""

    help = (
        "Revoke an API token, by its id; every process refuses it within 10 seconds. Without an id, a whole token is "
        "read from standard input."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("id", nargs="?", help="the 16 digits behind epypi_, as lists of tokens show them")

    def handle(self, *_: Any, **given: Any) -> None:
        typed = given["id"] or sys.stdin.readline().strip()
        whole = read(typed)
        id_ = whole.id if whole is not None else typed
        with told():
            found = revoke(operator(), id_, source=SOURCE)
        self.stdout.write(f"The token {found.id} of {found.owner} is revoked.")
