"""Which projects of an index a caller may know of, for whatever shows several at once: lists, search, feeds."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from packages_app.accounts.entries import Principal
from packages_app.accounts.patterns import EVERY, covered
from packages_app.accounts.roles import Action
from packages_app.accounts.rules import projects_of, rules, standing_of, subjects_of
from packages_app.conf import options


@dataclass(frozen=True, kw_only=True)
class Visible:
    """The projects that somebody may read: ``name in visible``, by their normalised names."""

    patterns: frozenset[str]
    names: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset({EVERY})
    """Patterns of the token; what they do not cover is not shown."""

    def __contains__(self, project: str) -> bool:
        """Return whether the project may be shown."""
        return covered(self.within, project) and (project in self.names or covered(self.patterns, project))

    @property
    def everything(self) -> bool:
        """Whether there is nothing that may not be shown."""
        return EVERY in self.patterns and EVERY in self.within

    @property
    def key(self) -> str:
        """A text that tells this from what others may see, for tags and caches; empty where everything is shown."""
        if self.everything:
            return ""
        parts: list[Iterable[str]] = [sorted(self.patterns), sorted(self.names), sorted(self.within)]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


NOTHING = Visible(patterns=frozenset())


def visible(principal: Principal) -> Visible:
    """Return which projects the principal may read; it agrees with ``may`` on every project."""
    every = Visible(patterns=frozenset({EVERY}))
    if principal.trusted or options().public_read:
        return every
    limits = principal.limits
    if not principal.signed_in or (limits is not None and Action.READ not in limits.actions):
        return NOTHING
    standing = standing_of(principal.name)
    if standing is None or standing.disabled:
        return NOTHING
    within = frozenset({EVERY} if limits is None else limits.patterns)
    if standing.administrator:
        return Visible(patterns=every.patterns, within=within)
    granted, subjects = rules().grants, subjects_of(principal.name, standing)
    return Visible(
        patterns=frozenset(pattern for subject in subjects for pattern in granted.get(str(subject), {})),
        names=frozenset(project for subject in subjects for project in projects_of(subject)),
        within=within,
    )
