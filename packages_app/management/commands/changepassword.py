"""Gives a user another password."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.administer import set_password
from packages_app.management.accounts import known, password
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Asks for the password."""

    help = (
        "Give a user another password; it is asked for, or read from standard input. "
        "Whoever is signed in as the user with a browser is signed out."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *_: Any, **given: Any) -> None:
        before = known(given["name"])
        with told():
            set_password(before, password(), operator(), source=SOURCE)
        self.stdout.write(f"The user {before.name} has another password.")
