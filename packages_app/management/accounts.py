"""What the commands for accounts share: who changes something, and how passwords are asked for."""

import getpass
import sys

from django.core.management.base import CommandError

from packages_app.accounts.entries import Subject, SubjectKind, User
from packages_app.accounts.read import user
from packages_app.management.refusals import told


def known(name: str) -> User:
    """Return a user.

    Raises:
        CommandError: there is none of this name.
    """
    with told():
        found = user(name)
    if found is None:
        raise CommandError(f"There is no user named {name}.")
    return found


def password() -> str:
    """Return a password: typed twice at a terminal, else the first line of standard input; never an argument.

    Raises:
        CommandError: the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass.getpass("Password: ")
    if typed != getpass.getpass("Password (again): "):
        raise CommandError("The two passwords differ.")
    return typed


def subject(name: str, *, is_group: bool) -> Subject:
    """Return the user or group of this name."""
    return Subject(SubjectKind.GROUP if is_group else SubjectKind.USER, name)
