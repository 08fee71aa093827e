"""Patterns of project names: a name, or the beginning of names and a star."""

from collections.abc import Iterable

from packages_app import names
from packages_app.accounts.errors import BadPattern

EVERY = "*"


def normalized(pattern: str) -> str:
    """Return a pattern that somebody typed as it is kept: ``Acme_*`` is ``acme-*``.

    Raises:
        BadPattern: it is neither a project's name nor the beginning of one with a star behind it.
    """
    if pattern == EVERY:
        return EVERY
    stem, star = (pattern[:-1], EVERY) if pattern.endswith(EVERY) else (pattern, "")
    # With a star the name goes on, so it may break off behind a separator: "acme-" of "acme-*".
    if not names.is_valid_name(f"{stem}0" if star else stem):
        raise BadPattern(
            f"{pattern[:80]!a} is no pattern of project names: write a name such as acme-core, "
            "the beginning of names and a star such as acme-*, or a star alone for every project."
        )
    return names.normalize(f"{stem}0")[:-1] + star if star else names.normalize(stem)


def is_exact(pattern: str) -> bool:
    """Return whether the pattern is one project's name."""
    return not pattern.endswith(EVERY)


def matches(pattern: str, project: str) -> bool:
    """Return whether a normalised pattern covers a normalised project name."""
    return project.startswith(pattern[:-1]) if pattern.endswith(EVERY) else project == pattern


def covered(patterns: Iterable[str], project: str) -> bool:
    """Return whether any of the patterns covers the project."""
    return any(matches(pattern, project) for pattern in patterns)
