"""Who runs a command, and what they confirm by typing it."""

import argparse
import getpass
import os
import sys

from django.core.management.base import CommandError

from packages_app.accounts.entries import Principal

SOURCE = "command"
"""What the audit trail calls this door."""


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Add --as, for who acts."""
    parser.add_argument(
        "--as", dest="user", default="", metavar="USER", help="who does this (default: who runs this command)"
    )


def operator(named: str = "") -> Principal:
    """Return who a command acts as: the name given, or the account that runs it; it may do everything."""
    return Principal(name=named or account(), trusted=True)


def account() -> str:
    """Return the name of the account that runs this command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's account without a name
        return f"uid-{os.getuid()}"


def confirm(what: str, target: str) -> None:
    """Return when the person at the terminal types the target's name.

    Raises:
        CommandError: they type something else, or nobody sits there.
    """
    if not sys.stdin.isatty():
        raise CommandError(f"{what} Run it with --yes to confirm that.")
    sys.stderr.write(f"{what}\nType {target} to go on: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != target:
        raise CommandError("Nothing was done.")
