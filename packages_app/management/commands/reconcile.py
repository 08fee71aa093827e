"""Brings the catalogue and the files together again."""

import argparse
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from packages_app.errors import PackagesError
from packages_app.management.described import DescribedCommand
from packages_app.management.progress import Line
from packages_app.storage_events.entries import Choices, Kind, Outcome
from packages_app.storage_events.reconcile import reconcile

DIFFER, FAILED = 1, 2

DESCRIPTION = """\
Compare the stored files with the catalogue, and tell each difference; with --apply, mend them.

  unlisted  a stored file that nothing lists: it is checked like an upload, and listed
  missing   a listed file whose bytes are gone or cut off: it is withdrawn
  sidecar   a listed file whose .metadata or .pkg-info is gone or damaged: it is written anew
  stray     stored bytes under a name that is listed with other bytes: removed after the grace
  orphan    .metadata, .pkg-info or attestations without their file: removed after the grace
  retired   replaced or withdrawn bytes, and pages of another index that nothing names: removed after the grace
  outdated  a project that lists and the search show as it was before: described anew
  corrupt   an unlisted file with other bytes than its key says: told, left alone
  foreign   something that is no distribution: told, left alone
  unfinished  an upload session's work that nobody brought to its end: done now
  incoming  a file in the bucket's incoming area: published and removed there, or moved to refused/

A lost catalogue is rebuilt from the files: run it with --apply. What only the catalogue knew does not come
back: yanks, statuses of projects, who uploaded, the trail, users, roles and tokens; deleted files whose bytes
are still stored are listed again. Listed files are not read through; `manage.py verify` does that. It can run
while uploads go on. It goes through store and catalogue a page at a time, whatever their size; with --state
FILE, a run that was stopped goes on where it was.

Exit code: 0 nothing to do, or all mended; 1 there are differences (dry run); 2 something could not be mended."""


class Command(DescribedCommand):
    """Prints a line a finding, then counts."""

    help = DESCRIPTION

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="mend what differs; without it nothing is changed")
        parser.add_argument(
            "--grace",
            type=hours,
            default=hours("24"),
            metavar="HOURS",
            help="how long bytes that nothing lists stay, for clients with an older page (default: 24)",
        )
        parser.add_argument(
            "--allow-empty-store",
            action="store_true",
            help="withdraw every file although the store has none at all; else that is taken for an unmounted disk",
        )

        parser.add_argument(
            "--state",
            type=Path,
            metavar="FILE",
            help="keep in FILE how far this is; a run that ended early goes on there when it is given the file again",
        )

    def handle(self, *_: Any, **given: Any) -> None:
        choices = Choices(
            apply=given["apply"],
            grace=given["grace"],
            allow_empty_store=given["allow_empty_store"],
            state=given["state"],
        )
        line = Line(sys.stderr)
        counts: Counter[tuple[Kind, Outcome]] = Counter()
        try:
            for finding in reconcile(choices, line):
                counts[finding.kind, finding.outcome] += 1
                line.clear()
                self.stdout.write(
                    f"{finding.kind.value}: {finding.target}: {finding.sentence} ({finding.outcome.value})"
                )
        except PackagesError as error:
            raise CommandError(f"{error}{go_on(choices)}", returncode=FAILED) from error
        except KeyboardInterrupt:
            raise CommandError(f"Stopped.{go_on(choices)}", returncode=FAILED) from None
        finally:
            line.clear()
        self.sum_up(counts)

    def sum_up(self, counts: Counter[tuple[Kind, Outcome]]) -> None:
        """Print the counts, and end with the exit code they call for."""
        for kind in Kind:
            parts = [f"{counts[kind, outcome]} {outcome.value}" for outcome in Outcome if counts[kind, outcome]]
            self.stdout.write(f"{kind.value:10} {', '.join(parts) or '0'}")
        outcomes = {outcome for _, outcome in counts}
        if Outcome.FAILED in outcomes:
            raise CommandError("Something could not be mended; see above.", returncode=FAILED)
        if Outcome.FOUND in outcomes:
            raise CommandError("There are differences; run it again with --apply to mend them.", returncode=DIFFER)


def go_on(choices: Choices) -> str:
    """Return how to go on after a run that ended early."""
    kept = choices.state is not None and choices.state.exists()
    return f" Run it again with --state {choices.state} to go on from here." if kept else ""


def hours(text: str) -> timedelta:
    """Return so many hours; for argparse."""
    value = float(text)
    if not 0 <= value <= 24 * 36500:  # a century, which a timedelta can hold
        raise ValueError(text)
    return timedelta(hours=value)
