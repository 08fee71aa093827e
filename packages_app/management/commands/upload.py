"""Publishes files from this machine, straight into the index."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app.accounts.entries import Principal
from packages_app.conf import options
from packages_app.errors import PackagesError
from packages_app.file_store.errors import reported
from packages_app.file_store.spool import spooled
from packages_app.management import overwriting
from packages_app.management.operator import operator
from packages_app.management.progress import Line
from packages_app.uploads.candidate import Candidate, Hasher
from packages_app.uploads.check import too_large
from packages_app.uploads.errors import FileExists
from packages_app.uploads.publish import Published, publish

CHUNK = 1024 * 1024
MB = 1024**2


class Command(BaseCommand):
    """Prints a line a file."""

    help = (
        "Publish wheels and source distributions that lie on this machine, by the same rules as an upload over HTTP "
        "and without a running server. Files are copied, never moved. It goes on after a refusal. "
        "Exit code: 0 every file is published, 1 some were refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a .whl or .tar.gz, such as dist/*")
        parser.add_argument(
            "--as", dest="user", default="", metavar="USER", help="who publishes (default: who runs this command)"
        )
        parser.add_argument(
            "--skip-existing",
            action="store_true",
            help="take a name that is published with other bytes for done, not for a refusal",
        )
        overwriting.add_argument(parser)

    def handle(self, *_: Any, **given: Any) -> None:
        overwriting.apply(given["overwrite"])
        who = operator(given["user"])
        refused = 0
        line = Line(sys.stderr)
        for path in given["files"]:
            try:
                said = take(path, who, line).outcome.value
            except FileExists as error:
                refused += not given["skip_existing"]
                said = f"skipped: {error}" if given["skip_existing"] else f"refused: {error}"
            except PackagesError as error:
                refused += 1
                said = f"refused: {error}"
            line.clear()
            self.stdout.write(f"{path.name}: {said}")
        if refused:
            raise CommandError(f"{refused} of {len(given['files'])} files were not published; see above.")


class Unreadable(PackagesError):
    """There is no file to read under this path."""

    code = "unreadable"


def take(path: Path, who: Principal, line: Line) -> Published:
    """Copy a file into the spool, hash it on the way, and publish the copy.

    Raises:
        PackagesError: the file cannot be read, or every reason for which an upload is refused.
    """
    if path.is_dir():
        raise Unreadable("it is a directory; name the files in it.")
    if not path.is_file():
        raise Unreadable("there is no such file.")
    hasher, limit = Hasher(), options().max_upload_bytes
    with spooled() as spool:
        for chunk in chunks(path):
            hasher.update(chunk)
            if hasher.size > limit:
                raise too_large()
            with reported():
                spool.file.write(chunk)
            line(f"{path.name}, MB", hasher.size // MB, 0)
        with reported():
            spool.file.flush()
        return publish(
            Candidate(
                filename=path.name,
                path=spool.path,
                size=hasher.size,
                digests=hasher.digests(),
                principal=who,
                source="command",
            )
        )


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes.

    Raises:
        Unreadable: the operating system refuses.
    """
    try:
        with path.open("rb") as opened:
            while chunk := opened.read(CHUNK):
                yield chunk
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}.") from error
