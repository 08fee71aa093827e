"""Writes everything that the catalogue knows to a file."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from packages_app.errors import PackagesError
from packages_app.management.progress import Line
from packages_app.tables import backup


class Command(BaseCommand):
    """Writes beside the file first, so that a file of its name is whole."""

    help = (
        "Write every item of the table (what is listed, the audit trail, accounts) to a new compressed file, readable "
        "by its owner only. The files' bytes are not in it: the bucket keeps their versions, a folder is copied. It "
        "reads the whole table once; run it with an operator's credentials, as the deployed function may not."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="such as catalogue.jsonl.gz")

    def handle(self, *_: Any, **given: Any) -> None:
        target: Path = given["to"]
        if target.exists():
            raise CommandError(f"{target} exists: name a new file, as the old one may be the backup you need.")
        draft = target.with_name(f".{target.name}.part")
        line = Line(sys.stderr)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                count = backup.write(stream, line)
                stream.flush()
                os.fsync(stream.fileno())
            draft.rename(target)
        except PackagesError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        finally:
            line.clear()
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{count:,} items written to {target}")
