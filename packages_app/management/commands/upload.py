"""Publishes files from this machine, straight into the index, or with ``--url`` by the client of /upload.py."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app.accounts.entries import Principal
from packages_app.conf import options
from packages_app.errors import PackagesError
from packages_app.file_store.errors import reported
from packages_app.file_store.spool import spooled
from packages_app.management import overwriting
from packages_app.management.operator import SOURCE, operator
from packages_app.management.progress import Line
from packages_app.uploads.candidate import Candidate, Hasher
from packages_app.uploads.check import too_large
from packages_app.uploads.client import upload as client
from packages_app.uploads.publish import Published, publish

CHUNK = 1024 * 1024
MB = 1024**2
LOCAL = {"user": "--as", "overwrite": "--overwrite"}
REMOTE = {"stage": "--stage", "publish": "--publish", "cancel": "--cancel"}


class Command(BaseCommand):
    """Prints a line a file."""

    help = (
        "Publish wheels and source distributions that lie on this machine, by the same rules as an upload over HTTP "
        "and without a running server. Files are copied, never moved. It goes on after a refusal. "
        "With --url it is the program that the index at that address serves at /upload.py. "
        "Exit code: 0 every file is published, 1 some were refused, 2 the call is wrong; with --url also 3 the index "
        "cannot be reached, 130 interrupted."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        client.add_options(parser)
        parser.add_argument(
            "--as", dest="user", default="", metavar="USER", help="who publishes, without --url (default: your account)"
        )
        overwriting.add_argument(parser)

    def handle(self, *_: Any, **given: Any) -> None:
        if given["url"]:
            refuse(given, LOCAL, "works on this machine's own index, and is not for --url")
            if code := client.run(argparse.Namespace(**given, program="manage.py upload")):
                sys.exit(code)
            return
        refuse(given, REMOTE, "is for an index that is reached over HTTP: name it with --url")
        if not given["files"]:
            raise CommandError("Name files to publish, such as dist/*.", returncode=2)
        self.publish_here([Path(name) for name in given["files"]], given)

    def publish_here(self, files: list[Path], given: Mapping[str, Any]) -> None:
        """Publish files without HTTP, past those that are refused."""
        overwriting.apply(given["overwrite"])
        who = operator(given["user"])
        refused = 0
        line = Line(sys.stderr)
        for path in files:
            try:
                said = take(path, who, line).outcome.value
            except PackagesError as error:
                refused += 1
                said = f"refused: {error}"
            line.clear()
            self.stdout.write(f"{path.name}: {said}")
        if refused:
            raise CommandError(f"{refused} of {len(files)} files were not published; see above.")


def refuse(given: Mapping[str, Any], options: Mapping[str, str], sentence: str) -> None:
    """Refuse options that belong to the other way of publishing."""
    for name, shown in options.items():
        if given[name]:
            raise CommandError(f"{shown} {sentence}.", returncode=2)


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
                source=SOURCE,
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
