"""Patterns of project names, such as ``acme-*``."""

import re
from fnmatch import fnmatchcase

from packages_app.names import LONGEST_NAME
from packages_app.upstream.errors import BadPattern

PATTERN = re.compile(r"[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?\Z")


def pattern(text: str) -> str:
    """Return a pattern in the form that normalised names are compared with: ``Acme_*`` is ``acme-*``.

    Raises:
        BadPattern: no name could match it, or it stands for every name.
    """
    normal = re.sub(r"[-_.]+", "-", text.strip()).lower()
    if len(normal) > LONGEST_NAME or PATTERN.match(normal) is None or not normal.strip("*-"):
        raise BadPattern(
            f"{text[:80]!a} is no pattern of project names: use letters, digits, '-' and '*', such as acme-*."
        )
    return re.sub(r"\*+", "*", normal)


def matches(pattern_: str, name: str) -> bool:
    """Return whether a normalised name is one of those that the pattern stands for."""
    return fnmatchcase(name, pattern_)


def exactness(pattern_: str) -> tuple[bool, int]:
    """Return what ranks patterns: a plain name before all others, then the one with more characters."""
    return "*" not in pattern_, len(pattern_)
