"""Yanks a file or a release."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.maintenance.yank import yank, yank_release
from packages_app.management import target
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Prints a line a file."""

    help = (
        "Yank a file or a release: installers pass over it unless its exact version is asked for. "
        "`manage.py unyank` takes that back."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        target.add_arguments(parser, whole_projects=False)
        parser.add_argument("--reason", default="", help="why; shown by installers and on pages")

    def handle(self, *_: Any, **given: Any) -> None:
        who = operator(given["user"])
        with told():
            found = target.read(given["target"], given["version"])
            if found.filename:
                done = yank(found.project, found.filename, given["reason"], who, source=SOURCE)
            else:
                done = yank_release(found.project, found.version, given["reason"], who, source=SOURCE)
        self.stdout.writelines(f"{filename}: yanked\n" for filename in done.changed)
        if not done.changed:
            self.stdout.write("It was yanked so before; nothing changed.")
