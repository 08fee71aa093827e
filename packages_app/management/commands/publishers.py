"""Lists trusted publishers."""

import argparse
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.entries import Subject
from packages_app.accounts.publishers import read
from packages_app.accounts.publishers.entries import Publisher
from packages_app.accounts.publishers.register import of_project
from packages_app.accounts.read import grants_of
from packages_app.management.operator import operator
from packages_app.management.refusals import told
from packages_app.names import project_name


class Command(BaseCommand):
    """Prints a line for each, and one for each role."""

    help = "List trusted publishers with their roles: all of them, or those that were named for one project."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("project", nargs="?", default="")

    def handle(self, *_: Any, **given: Any) -> None:
        with told():
            if given["project"]:
                self.write(of_project(operator(), project_name(given["project"])))
                return
            page = read.page()
            self.write(page.publishers)
            while page.next:
                page = read.page(page.next)
                self.write(page.publishers)

    def write(self, found: Sequence[Publisher]) -> None:
        """Print publishers with their roles."""
        roles: dict[Subject, list[str]] = {}
        for given in grants_of(*(each.subject for each in found)):
            roles.setdefault(given.subject, []).append(f"{given.role.value} of {given.pattern}")
        for each in found:
            used = f"last token {each.last_used:%Y-%m-%d %H:%M}" if each.last_used else "never used"
            self.stdout.write(f"{each.id}  {each.about}  {each.pipeline.issuer}  {used}")
            for role in roles.get(each.subject, []):
                self.stdout.write(f"    {role}")
