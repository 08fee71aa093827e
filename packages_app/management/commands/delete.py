"""Deletes a file, a release or a project."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.entries import Principal
from packages_app.maintenance.delete import delete_file, delete_project, delete_release
from packages_app.maintenance.entries import Done
from packages_app.management import target
from packages_app.management.operator import SOURCE, confirm, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Asks, then prints a line a file."""

    help = (
        "Delete a file, a release, or (without a version) a whole project. The names of deleted files stay taken: only "
        "the same bytes can be uploaded again, unless overwriting is on. Their bytes are removed by "
        "`reconcile --apply` after its grace. To keep people from a file without breaking anybody, yank it instead."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        target.add_arguments(parser, whole_projects=True)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_: Any, **given: Any) -> None:
        with told():
            found = target.read(given["target"], given["version"], whole_projects=True)
            if not given["yes"]:
                confirm(f"This deletes {found.said}.", found.typed)
            done = deleted(found, operator(given["user"]))
        self.stdout.writelines(f"{name}: deleted\n" for name in done.changed)


def deleted(found: target.Target, who: Principal) -> Done:
    """Delete what was named."""
    if found.filename:
        return delete_file(found.project, found.filename, who, source=SOURCE)
    if found.version:
        return delete_release(found.project, found.version, who, source=SOURCE)
    return delete_project(found.project, who, source=SOURCE)
