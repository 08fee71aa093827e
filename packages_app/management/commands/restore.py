"""Puts what `manage.py backup` wrote back into the table, and uncovers deleted files in the bucket."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app.management.progress import Line
from packages_app.management.refusals import told
from packages_app.storage_events.undelete import undelete
from packages_app.tables import backup
from packages_app.tables.base import create_table

FAILED = 2


class Command(BaseCommand):
    """Prints what came back."""

    help = (
        "Put the items of a backup into the table, which must be empty and is made if it is missing; then "
        "`manage.py verify --quick` tells whether every listed file is there. With --files, bring listed files back "
        "whose objects were deleted from the versioned bucket. Exit code: 0 all is back, 2 something could not be."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help="a file that backup wrote")
        parser.add_argument("--into-existing", action="store_true", help="replace items of the same keys; others stay")
        parser.add_argument("--files", action="store_true", help="uncover deleted objects of listed files")

    def handle(self, *_: Any, **given: Any) -> None:
        if given["source"] is None and not given["files"]:
            raise CommandError("Say what to restore: --from FILE, --files, or both.")
        line = Line(sys.stderr)
        lost = 0
        with told(FAILED), line:
            if given["source"] is not None:
                create_table()
                count = backup.restore(given["source"], into_existing=given["into_existing"], progress=line)
                line.clear()
                self.stdout.write(f"{count:,} items restored")
            if given["files"]:
                lost = self.files(line)
        if lost:
            raise CommandError("Something has no version left; see above.", returncode=FAILED)

    def files(self, line: Line) -> int:
        """Uncover deleted objects, and return how many have no version left."""
        back = lost = 0
        for missing in undelete(line):
            line.clear()
            self.stdout.write(f"{missing.key}: {'came back' if missing.came_back else 'has no version left'}")
            back, lost = back + missing.came_back, lost + (not missing.came_back)
        self.stdout.write(f"{back} objects came back, {lost} have no version left")
        return lost
