"""Which files a line such as ``demo>=1,<2`` or ``acme-*`` of a policy means."""

import re
from contextlib import suppress
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from packages_app import names
from packages_app.upstream.errors import BadPattern
from packages_app.upstream.patterns import matches

LINE = re.compile(r"([A-Za-z0-9*](?:[A-Za-z0-9*._-]*[A-Za-z0-9*])?)\s*(.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Selection:
    """Names, and versions of them."""

    pattern: str
    versions: SpecifierSet

    def means(self, name: str, version: str) -> bool:
        """Return whether a version of a normalised name is meant; one that is not known only where all are."""
        if not matches(self.pattern, name):
            return False
        if not self.versions:
            return True
        known = names.as_version(version)
        return known is not None and self.versions.contains(known, prereleases=True)


def selection(line: str) -> Selection:
    """Return what a line means.

    Raises:
        BadPattern: it is none.
    """
    match = LINE.match(line.strip())
    versions = None
    if match is not None:
        with suppress(InvalidSpecifier):
            versions = SpecifierSet(match[2])
    if match is None or versions is None:
        raise BadPattern(f"{line[:80]!a} is no name with versions: write demo, demo>=2 or acme-* <1.")
    return Selection(re.sub(r"[-_.]+", "-", match[1]).lower(), versions)
