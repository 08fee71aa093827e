"""Makes a group."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.administer import create_group, delete_group
from packages_app.accounts.entries import Group
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Makes one group, or removes it."""

    help = "Make a group of users, to grant roles to; every enabled user is in the group everyone by itself."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--description", default="")
        parser.add_argument(
            "--delete", action="store_true", help="remove the group, which must have no users and grants"
        )

    def handle(self, *_: Any, **given: Any) -> None:
        with told():
            if given["delete"]:
                delete_group(given["name"], operator(), source=SOURCE)
            else:
                wanted = Group(name=given["name"], description=given["description"])
                create_group(wanted, operator(), source=SOURCE)
        self.stdout.write(f"The group {given['name']} was {'removed' if given['delete'] else 'made'}.")
