"""Compares an AWS account with what the index needs of it, and makes what is missing."""

import argparse
import os
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from packages_app.aws_setup.entries import State, Wanted
from packages_app.aws_setup.plan import apply, plan
from packages_app.conf import options
from packages_app.management.described import DescribedCommand
from packages_app.management.refusals import told

INCOMPLETE, FAILED = 1, 2
MARKS = {State.THERE: "ok", State.MISSING: "missing", State.OTHERWISE: "wrong", State.NOTE: "note"}

DESCRIPTION = """\
Look at the table PYPI_TABLE and the bucket PYPI_BUCKET, and say what they have and what they miss; with
--apply, make what is missing. What exists is never dropped or weakened: a KMS key, provisioned capacity, tags,
lifecycle rules and a stricter setting stay. Running it again changes nothing.

Exit code: 0 everything is there; 1 something is missing or wrong; 2 AWS refused or could not be asked."""


class Command(DescribedCommand):
    """Prints a line for each thing, then what to do."""

    help = DESCRIPTION

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="make what is missing; without it nothing is changed")

    def handle(self, *_: Any, **given: Any) -> None:
        target = wanted()
        with told(FAILED):
            steps = plan(target)
            for step in steps:
                self.stdout.write(f"{MARKS[step.state]:8} {step.subject}: {step.sentence}")
            if given["apply"]:
                for step in apply(steps):
                    self.stdout.write(f"{'made':8} {step.subject}: {step.sentence}")
                steps = plan(target)
        if any(step.state is State.OTHERWISE for step in steps):
            raise CommandError("Something must be changed by hand; see the lines above.", returncode=INCOMPLETE)
        if any(step.state is State.MISSING for step in steps):
            raise CommandError("Something is missing; run it again with --apply.", returncode=INCOMPLETE)
        self.stdout.write("The account has all that the index needs.")


def wanted() -> Wanted:
    """Return which table and bucket are configured.

    Raises:
        CommandError: one of them is not.
    """
    chosen = options()
    if not (chosen.table and chosen.bucket):
        raise CommandError("Set PYPI_TABLE and PYPI_BUCKET to the names that table and bucket have or shall have.")
    return Wanted(
        table=chosen.table,
        bucket=chosen.bucket,
        prefix=(settings.BUCKET_PREFIX or "").strip("/"),
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    )
