"""Changes what a user is: names, groups, administrator or not."""

import argparse
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.administer import change_user
from packages_app.management.accounts import known
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Changes one user; what is not named stays."""

    help = "Change a user's names or groups, or whether the user is an administrator; what is not named stays."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--display-name", help="the name as people write it")
        parser.add_argument("--email")
        parser.add_argument("--add-group", action="append", default=[], metavar="GROUP")
        parser.add_argument("--remove-group", action="append", default=[], metavar="GROUP")
        parser.add_argument("--administrator", action=argparse.BooleanOptionalAction)

    def handle(self, *_: Any, **given: Any) -> None:
        before = known(given["name"])
        named = {
            field: given[field] for field in ("display_name", "email", "administrator") if given[field] is not None
        }
        groups = (set(before.groups) | set(given["add_group"])) - set(given["remove_group"])
        with told():
            wanted = replace(before, groups=tuple(sorted(groups)), **named)
            change_user(before, wanted, operator(), source=SOURCE)
        self.stdout.write(f"The user {before.name} was changed.")
