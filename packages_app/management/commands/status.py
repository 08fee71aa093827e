"""Tells or sets a project's status."""

import argparse
from typing import Any

from packages_app import names
from packages_app.catalogue import read
from packages_app.catalogue.entries import Status
from packages_app.catalogue.transact import no_project
from packages_app.maintenance.status import set_status
from packages_app.management.described import DescribedCommand
from packages_app.management.operator import SOURCE, add_argument, operator
from packages_app.management.refusals import told

DESCRIPTION = """\
Tell a project's status, or set it:

  active       takes uploads
  archived     takes no uploads any more; its files stay
  deprecated   takes uploads; people are told that it is not recommended
  quarantined  takes no uploads and offers no files; needs a reason"""


class Command(DescribedCommand):
    """Prints one line."""

    help = DESCRIPTION

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("project")
        parser.add_argument("status", nargs="?", choices=[status.value for status in Status])
        parser.add_argument("--reason", default="", help="why; shown by installers and on pages")
        add_argument(parser)

    def handle(self, *_: Any, **given: Any) -> None:
        with told():
            name = names.project_name(given["project"])
            if given["status"]:
                set_status(name, Status(given["status"]), given["reason"], operator(given["user"]), source=SOURCE)
            found = read.project(name)
            if found is None:
                raise no_project(name)
        reason = f": {found.status_reason}" if found.status_reason else ""
        self.stdout.write(f"{name} is {found.status.value}{reason}")
