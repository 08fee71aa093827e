"""Runs the index's commands as somebody at a terminal does."""

import io

from django.core.management import CommandError, call_command


def manage(*arguments: object) -> tuple[int, str]:
    """Run a command, and return its exit code and all that it says."""
    out = io.StringIO()
    try:
        call_command(*map(str, arguments), stdout=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}\n"
    return 0, out.getvalue()
