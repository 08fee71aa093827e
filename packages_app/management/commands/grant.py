"""Grants a role."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.administer import grant
from packages_app.accounts.entries import Grant
from packages_app.accounts.roles import Role
from packages_app.management.accounts import subject
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Grants one role."""

    help = (
        "Grant a role on a project, or on every project that a pattern covers: acme-core, 'acme-*' or '*'. "
        "It takes the place of the role that the user or group had on the same pattern."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("role", choices=[role.value for role in Role])
        parser.add_argument("pattern", help="a project, the beginning of names and a star, or a star")
        parser.add_argument("name", help="a user; with --group, a group")
        parser.add_argument("--group", action="store_true", help="the name is a group's")

    def handle(self, *_: Any, **given: Any) -> None:
        to = subject(given["name"], is_group=given["group"])
        with told():
            wanted = Grant(subject=to, pattern=given["pattern"], role=Role(given["role"]))
            kept = grant(wanted, operator(), source=SOURCE)
        self.stdout.write(f"{kept.subject} is {kept.role.value} of {kept.pattern}.")
