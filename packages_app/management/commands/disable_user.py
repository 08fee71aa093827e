"""Disables a user, or enables one again."""

import argparse
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.administer import change_user
from packages_app.management.accounts import known
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Changes one user."""

    help = "Disable a user: neither browser sessions nor tokens of the user are taken any more, within 10 seconds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--undo", action="store_true", help="enable the user again")

    def handle(self, *_: Any, **given: Any) -> None:
        before = known(given["name"])
        with told():
            change_user(before, replace(before, disabled=not given["undo"]), operator(), source=SOURCE)
        self.stdout.write(f"The user {before.name} is {'enabled' if given['undo'] else 'disabled'}.")
