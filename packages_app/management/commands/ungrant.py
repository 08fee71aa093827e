"""Takes a role away."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.administer import ungrant
from packages_app.management.accounts import subject
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Takes one role away."""

    help = "Take away the role that a user or group has on this very project or pattern."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("pattern", help="a project, the beginning of names and a star, or a star")
        parser.add_argument("name", help="a user; with --group, a group")
        parser.add_argument("--group", action="store_true", help="the name is a group's")

    def handle(self, *_: Any, **given: Any) -> None:
        of = subject(given["name"], is_group=given["group"])
        with told():
            ungrant(of, given["pattern"], operator(), source=SOURCE)
        self.stdout.write(f"{of} has no role on {given['pattern']} any more.")
