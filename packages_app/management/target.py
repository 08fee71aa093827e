"""What a command is about, as it is typed: a file name, or a project with or without a version."""

import argparse
from dataclasses import dataclass

from django.core.management.base import CommandError

from packages_app import names
from packages_app.maintenance.targets import project_of
from packages_app.management.operator import add_argument


@dataclass(frozen=True, kw_only=True)
class Target:
    """What was named; the project is normalised."""

    project: str
    version: str = ""
    filename: str = ""

    @property
    def said(self) -> str:
        """What it is, for a sentence."""
        if self.filename:
            return f"the file {self.filename}"
        return f"the release {self.version} of {self.project}" if self.version else f"the whole project {self.project}"

    @property
    def typed(self) -> str:
        """What a person types to confirm it."""
        return self.filename or (f"{self.project} {self.version}" if self.version else self.project)


def add_arguments(parser: argparse.ArgumentParser, *, whole_projects: bool) -> None:
    """Add the target, and who acts."""
    version = "needed unless TARGET is a file" if not whole_projects else "without it, the whole project is meant"
    parser.add_argument("target", metavar="TARGET", help="a file name, or a project")
    parser.add_argument("version", nargs="?", default="", metavar="VERSION", help=version)
    add_argument(parser)


def read(target: str, version: str, *, whole_projects: bool = False) -> Target:
    """Return what was typed.

    Raises:
        CommandError: the version is missing, or one too many.
        BadName: it is no project name.
        NoSuchEntry: there is no such file.
    """
    if target.endswith((names.WHEEL, names.SDIST)):
        if version:
            raise CommandError("Name a file, or a project and a version; not both.")
        return Target(project=project_of(target), filename=target)
    if not version and not whole_projects:
        raise CommandError("Name the version too, or a file.")
    return Target(project=names.project_name(target), version=version)
