"""Prints lines to paste, so that each client uses this index."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app.conf import options
from packages_app.management.client_lines import lines


class Command(BaseCommand):
    """Prints the lines."""

    help = "Print lines for pip, uv, twine, poetry, pdm and ~/.pypirc, with the first user's password in them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--url",
            default="http://127.0.0.1:8000",
            help="where clients reach this index, such as https://packages.example.com (default: %(default)s)",
        )

    def handle(self, *_: Any, **given: Any) -> None:
        user, password = next(iter(options().users.items()))
        if not given["url"].startswith(("http://", "https://")):
            raise CommandError("--url must begin with http:// or https://.")
        self.stdout.write(lines(url=given["url"], user=user, password=password))
