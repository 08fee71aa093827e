"""Takes back that a file or a release is yanked."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.maintenance.yank import unyank, unyank_release
from packages_app.management import target
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Prints a line a file."""

    help = "Take back that a file or a release is yanked."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        target.add_arguments(parser, whole_projects=False)

    def handle(self, *_: Any, **given: Any) -> None:
        who = operator(given["user"])
        with told():
            found = target.read(given["target"], given["version"])
            if found.filename:
                done = unyank(found.project, found.filename, who, source=SOURCE)
            else:
                done = unyank_release(found.project, found.version, who, source=SOURCE)
        self.stdout.writelines(f"{filename}: not yanked any more\n" for filename in done.changed)
        if not done.changed:
            self.stdout.write("It was not yanked; nothing changed.")
