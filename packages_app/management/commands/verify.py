"""Checks that every listed file is there, byte for byte."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app import names
from packages_app.management.progress import Line
from packages_app.management.refusals import told
from packages_app.storage_events.verify import verify


class Command(BaseCommand):
    """Prints a line a fault, then counts."""

    help = (
        "Check that every listed file is in the store with the size and sha256 it was published with, and that its "
        ".metadata is the METADATA inside. Every byte is read; --quick looks at presence and size only. Nothing is "
        "changed: publish the same file again to mend damaged bytes. Exit code: 0 all is well, 1 something is not."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="look at presence and size only; read no bytes")
        parser.add_argument("--project", metavar="NAME", default="", help="check one project instead of all")

    def handle(self, *_: Any, **given: Any) -> None:
        line = Line(sys.stderr)
        files = damaged = size = 0
        with told(), line:
            project = names.project_name(given["project"]) if given["project"] else ""
            for file, faults in verify(quick=given["quick"], project=project, progress=line):
                files, size, damaged = files + 1, size + file.size, damaged + bool(faults)
                for fault in faults:
                    line.clear()
                    self.stdout.write(f"{file.filename}: {fault}")
        self.stdout.write(f"{files} files of {size:,} bytes: {files - damaged} sound, {damaged} damaged")
        if damaged:
            raise CommandError("Some listed files are not as they were published; see above.")
