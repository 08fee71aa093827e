"""Fetches projects of the upstream ahead of time."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app.conf import options
from packages_app.errors import PackagesError
from packages_app.management.progress import Line
from packages_app.upstream.mirror import mirror
from packages_app.upstream.shopping import Item, item, items
from packages_app.upstream.targets import target


class Command(BaseCommand):
    """Prints what failed, and a summary."""

    help = (
        "Fetch projects from the index behind this one (PYPI_UPSTREAM_URL) and keep them, with what they require, so "
        "that they install while it is off. It takes the newest release that fits each requirement, and exactly the "
        "files of a lock file or of lines with hashes. What is kept already is not fetched again, so that running it "
        "once more goes on where it was broken off. Exit code: 0 everything is kept, 1 something is not."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="REQUIREMENT", help="such as demo, 'demo>=2' or 'demo[extra]'")
        parser.add_argument(
            "--file",
            "-r",
            action="append",
            default=[],
            type=Path,
            help="a requirements file, as from `uv pip compile`, or a pylock.toml; may be given again",
        )
        parser.add_argument(
            "--python",
            action="append",
            default=[],
            metavar="VERSION",
            help="a version of Python, such as 3.12; may be given again (default: the one that runs this)",
        )
        parser.add_argument(
            "--platform",
            action="append",
            default=[],
            metavar="PATTERN",
            help="platform tags such as 'manylinux*_x86_64'; may be given again (default: every platform)",
        )
        parser.add_argument("--no-deps", action="store_true", help="leave out what the projects require")

    def handle(self, *args: Any, **given: Any) -> None:
        del args
        if not options().upstream.urls:
            raise CommandError("There is no upstream to mirror: set PYPI_UPSTREAM_URL.")
        if not given["names"] and not given["file"]:
            raise CommandError("Name projects, or files that name them with --file.")
        pythons = given["python"] or [f"{sys.version_info.major}.{sys.version_info.minor}"]
        line = Line(sys.stderr)
        try:
            targets = [target(python, tuple(given["platform"])) for python in pythons]
            report = mirror(wanted(given), targets, dependencies=not given["no_deps"], tell=line)
        except PackagesError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"A file cannot be read: {error}.") from error
        finally:
            line.clear()
        for sentence in report.failed:
            self.stderr.write(sentence)
        counts = f"{len(report.fetched)} files fetched, {len(report.kept)} kept already, {len(report.failed)} failures"
        self.stdout.write(counts)
        if report.failed:
            sys.exit(1)


def wanted(given: dict[str, Any]) -> Iterator[Item]:
    """Yield what the arguments want."""
    for name in given["names"]:
        yield item(name)
    for path in given["file"]:
        yield from items(path)
