"""Deletes old releases by a rule; a dry run unless told otherwise."""

import argparse
import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError

from packages_app.errors import PackagesError
from packages_app.maintenance.retention import Rule, apply, plan
from packages_app.management.described import DescribedCommand
from packages_app.management.operator import add_argument, operator
from packages_app.management.progress import Line
from packages_app.management.refusals import told

DIFFER, FAILED = 1, 2
CENTURY = 36500
"""Days, which a timedelta can hold."""

DESCRIPTION = """\
Tell which releases a rule would delete; with --apply, delete them. A release goes when every condition that is
given holds for it. The newest release of a project and its newest final one always stay, yanked or not.

  manage.py retention 'acme-*' --keep-last 10
  manage.py retention '*' --pre-releases --older-than 90

Exit code: 0 nothing to do, or all done; 1 there are releases to delete (dry run); 2 some could not be deleted."""


class Command(DescribedCommand):
    """Prints a line a release, then a sum."""

    help = DESCRIPTION

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("pattern", help="a project, or a pattern such as 'acme-*' or '*'")
        parser.add_argument("--keep-last", type=int, metavar="N", help="keep the newest N releases the rule is about")
        parser.add_argument(
            "--older-than", type=days, metavar="DAYS", help="only releases last uploaded to before that"
        )
        parser.add_argument("--pre-releases", action="store_true", help="be about pre-releases only")
        parser.add_argument("--apply", action="store_true", help="delete; without it nothing is changed")
        add_argument(parser)

    def handle(self, *_: Any, **given: Any) -> None:
        who, line = operator(given["user"]), Line(sys.stderr)
        rule = Rule(
            pattern=given["pattern"],
            keep_last=given["keep_last"],
            older_than=given["older_than"],
            prereleases=given["pre_releases"],
        )
        releases = failed = size = 0
        with told(FAILED), line:
            for removal in plan(rule, who, line):
                line.clear()
                releases, size, said = releases + 1, size + removal.size, "would be deleted"
                if given["apply"]:
                    try:
                        apply(removal, who, source="retention")
                        said = "deleted"
                    except PackagesError as error:
                        failed, said = failed + 1, f"not deleted: {error}"
                self.stdout.write(
                    f"{removal.project} {removal.version}: {len(removal.files)} files of {removal.size:,} bytes, "
                    f"last upload {removal.last_upload:%Y-%m-%d} ({said})"
                )
        self.stdout.write(f"{releases} releases of {size:,} bytes")
        if failed:
            raise CommandError(f"{failed} of them could not be deleted; see above.", returncode=FAILED)
        if releases and not given["apply"]:
            raise CommandError("Nothing was deleted; run it again with --apply.", returncode=DIFFER)


def days(text: str) -> timedelta:
    """Return so many days; for argparse."""
    value = float(text)
    if not 0 <= value <= CENTURY:
        raise ValueError(text)
    return timedelta(days=value)
