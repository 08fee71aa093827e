"""Trusts a pipeline of a CI service no more."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app.accounts.entries import publisher_in
from packages_app.accounts.publishers.register import remove, withdraw
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Takes one role of a publisher away, or removes it."""

    help = (
        "Let a trusted publisher upload no more: to this very project or pattern, or with --all to anything. One that "
        "is left without a role is removed; its tokens are refused within 10 seconds."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("pattern", nargs="?", help="a project, the beginning of names and a star, or a star")
        parser.add_argument("id", help="the publisher's id, as manage.py publishers shows it")
        parser.add_argument("--all", action="store_true", help="remove it with all its roles")

    def handle(self, *_: Any, **given: Any) -> None:
        pattern = given["pattern"]
        if given["all"] == (pattern is not None):
            raise CommandError("Name a project or pattern before the publisher's id, or --all; not both.")
        id_ = publisher_in(given["id"]) or given["id"]
        with told():
            if pattern is None:
                remove(operator(), id_, source=SOURCE)
            else:
                withdraw(operator(), pattern, id_, source=SOURCE)
        self.stdout.write(f"publisher:{id_} may not upload to {pattern or 'anything'} any more.")
