"""Keeps an archive's member names to what unpacks safely, and only once, on every system."""

import re

from packages_app.metadata.errors import UnsoundArchive
from packages_app.metadata.limits import DEEPEST_PATH, LONGEST_PATH, MOST_MEMBERS

DRIVE = re.compile(r"[A-Za-z]:")
SHOWN = 120
"""Characters of a member's name that a message repeats."""


class Members:
    """The members seen so far, by their paths without ``.`` and empty parts."""

    def __init__(self) -> None:
        self.count = 0
        self.files: set[str] = set()
        self.folders: set[str] = set()

    def add(self, name: str, *, folder: bool = False) -> str:
        """Take in a member, and return its path.

        Raises:
            UnsoundArchive: the path leaves the archive's folder, came before, or is one too many.
        """
        path = safe_path(name)
        self.count += 1
        if self.count > MOST_MEMBERS:
            raise UnsoundArchive(f"The archive has more than {MOST_MEMBERS} members.")
        if path in self.files or (path in self.folders and not folder):
            raise UnsoundArchive(f"The archive has the member {name[:SHOWN]!a} twice; which one counts is unclear.")
        (self.folders if folder else self.files).add(path)
        return path


def safe_path(name: str) -> str:
    """Return a member's path, relative and without ``.`` and empty parts.

    Raises:
        UnsoundArchive: unpacking it could write outside the folder, or elsewhere on another system.
    """
    shown = ascii(name[:SHOWN])
    if "\0" in name:
        raise UnsoundArchive(f"The archive has a member with a NUL in its name, {shown}.")
    if "\\" in name:
        raise UnsoundArchive(
            f"The archive has a member with a backslash in its name, {shown}; separate folders by '/'."
        )
    if name.startswith("/") or DRIVE.match(name):
        raise UnsoundArchive(f"The archive has a member with an absolute path, {shown}.")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if len(name) > LONGEST_PATH or len(parts) > DEEPEST_PATH:
        raise UnsoundArchive(f"The archive has a member whose path is too long to unpack anywhere, {shown}.")
    if ".." in parts:
        raise UnsoundArchive(f"The archive has a member that climbs out of its folder with '..', {shown}.")
    return "/".join(parts)
