"""Prints lines to paste, so that each client uses this index."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.conf import options
from packages_app.management.client_lines import lines


class Command(BaseCommand):
    """Prints the lines."""

    help = "Print lines for pip, uv, twine, poetry, pdm and ~/.pypirc, with the first user's password in them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the name clients reach this index by")
        parser.add_argument("--port", default="8000", help="the port it serves on")

    def handle(self, *_: Any, **given: Any) -> None:
        user, password = next(iter(options().users.items()))
        self.stdout.write(lines(host=given["host"], port=given["port"], user=user, password=password))
