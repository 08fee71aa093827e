"""Makes a user."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.administer import create_user
from packages_app.accounts.entries import User
from packages_app.management.accounts import password
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Asks for the password."""

    help = (
        "Make a user of the index, who signs in with a browser; the password is asked for, or read from standard "
        "input. What the user may do is granted by `grant`. Machines use tokens: see `create_token`."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--display-name", default="", help="the name as people write it")
        parser.add_argument("--email", default="")
        parser.add_argument("--group", action="append", default=[], help="a group the user is in; may be repeated")
        parser.add_argument("--administrator", action="store_true", help="the user may do everything")
        parser.add_argument(
            "--no-password", action="store_true", help="the user has tokens only, or signs in elsewhere"
        )

    def handle(self, *_: Any, **given: Any) -> None:
        wanted = User(
            name=given["name"],
            display_name=given["display_name"],
            email=given["email"],
            groups=tuple(given["group"]),
            administrator=given["administrator"],
        )
        with told():
            create_user(wanted, None if given["no_password"] else password(), operator(), source=SOURCE)
        self.stdout.write(f"The user {wanted.name} was made.")
