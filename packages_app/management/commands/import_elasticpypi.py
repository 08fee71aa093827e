"""Adopts the files of an elasticpypi index, of any other bucket, or of a folder."""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from packages_app.file_store import bucket as buckets
from packages_app.management.described import DescribedCommand
from packages_app.management.progress import Line
from packages_app.management.refusals import told
from packages_app.storage_events import sources
from packages_app.storage_events.adopt import Result, adopt

DIFFER, FAILED = 1, 2

DESCRIPTION = """\
Publish the wheels and source distributions of an elasticpypi bucket, of any other bucket, or of a folder, by
the same rules as an upload. The source is read and never changed. Without --apply every file is checked and
nothing is published. A file keeps its time: when it was put there becomes when it was published. A published
file is never replaced. Start a run again that was cut off: what it published already is passed over unread.

  refused            a wheel or sdist that an upload would be refused for; the reason is told
  no distribution    something else by its name: left alone
  only in the table  elasticpypi's table lists it and the bucket does not have it (--table): told

Credentials are those that every AWS tool finds, such as AWS_PROFILE; they need s3:ListBucket and s3:GetObject on
the source, and dynamodb:Scan on the table.

Exit code: 0 nothing to do, or all published; 1 there are files to publish, or some that would be refused (dry
run); 2 something was refused, or cannot be read."""


class Command(DescribedCommand):
    """Prints a line a file that is new or odd, then counts."""

    help = DESCRIPTION

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--from-bucket", metavar="NAME", help="the bucket that has the files")
        source.add_argument("--from-folder", type=Path, metavar="PATH", help="the folder that has the files")
        parser.add_argument("--prefix", default="", help="only objects whose keys begin so (with --from-bucket)")
        parser.add_argument("--table", metavar="NAME", default="", help="elasticpypi's table, to tell what is missing")
        parser.add_argument("--apply", action="store_true", help="publish; without it nothing is changed")

    def handle(self, *_: Any, **given: Any) -> None:
        line = Line(sys.stderr)
        counts: Counter[Result] = Counter()
        with told(FAILED), line:
            table = sources.filenames_in_table(given["table"]) if given["table"] else ()
            for file in adopt(source_of(given), apply=given["apply"], table=table, progress=line):
                counts[file.result] += 1
                if file.result is not Result.SKIPPED:
                    line.clear()
                    sentence = f": {file.sentence}" if file.sentence else ""
                    self.stdout.write(f"{shown(file.place)}: {file.result.value}{sentence}")
        self.sum_up(counts, apply=given["apply"])

    def sum_up(self, counts: Counter[Result], *, apply: bool) -> None:
        """Print the counts, and end with the exit code they call for."""
        for result in Result:
            if counts[result]:
                self.stdout.write(f"{counts[result]:,} {result.value}")
        if not counts:
            self.stdout.write("There is no file at all.")
        if apply and counts[Result.REFUSED]:
            raise CommandError("Some files were not published; see above.", returncode=FAILED)
        if counts[Result.FOUND] or counts[Result.REFUSED]:
            raise CommandError("Nothing was changed; run it again with --apply to publish.", returncode=DIFFER)


def source_of(given: dict[str, Any]) -> sources.Source:
    """Return the source that the arguments name.

    Raises:
        SourceUnreadable: there is no such folder.
    """
    folder = given["from_folder"]
    if folder is None:
        return sources.Objects(buckets.other(given["from_bucket"]), given["prefix"])
    if given["prefix"] or given["table"]:
        raise CommandError("--prefix and --table go with --from-bucket only.", returncode=FAILED)
    return sources.Folder(folder)


def shown(place: str) -> str:
    """Return a key or path so that it stays on its line, whatever somebody named it."""
    return place if place.isprintable() else ascii(place)
