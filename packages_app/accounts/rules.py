"""The rules of the index as each process keeps them: who users are, and what was granted to whom.

What another process changes is seen here within ``SECONDS``; what this one changes, at once.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.core.signals import setting_changed

from packages_app.accounts.entries import EVERYONE, Subject, SubjectKind, publisher_in
from packages_app.accounts.models import PUBLISHERS, RULES, ProjectRoleRow, roles_of, standing_key
from packages_app.accounts.roles import Role
from packages_app.conf import options
from packages_app.tables.base import plain_item, plain_query
from packages_app.tables.outcomes import reported

SECONDS = 10.0
"""How old rules may be that a decision is made by; docs/security.md promises it."""
MOST = 4096
"""Entries that one kept collection has at most."""

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What rules need to know of a user."""

    disabled: bool = False
    administrator: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything that holds for more than one project."""

    standings: dict[str, Standing] = field(default_factory=dict)
    grants: dict[str, dict[str, Role]] = field(default_factory=dict)
    """Subject, as texts write it, to pattern to role."""


class Kept(Generic[Value]):
    """Values by key that are read again when they are older than ``SECONDS``; safe for threads."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[float, Value]] = {}
        self._mutex = threading.Lock()
        self._generation = 0
        setting_changed.connect(self._follow)

    def get(self, key: str, read: Callable[[], Value]) -> Value:
        """Return the value under the key, read anew if it is old or not there."""
        now = time.monotonic()
        with self._mutex:
            generation = self._generation
            found = self._values.get(key)
        if found is not None and now - found[0] < SECONDS:
            return found[1]
        value = read()
        with self._mutex:
            # A value that was read before somebody here changed it must not outlive that change.
            if generation == self._generation:
                if len(self._values) >= MOST:
                    self._values.clear()
                self._values[key] = (now, value)
        return value

    def forget(self) -> None:
        """Read everything anew when it is asked for next."""
        with self._mutex:
            self._generation += 1
            self._values.clear()

    def _follow(self, *, setting: str, **_: object) -> None:
        """Forget what belongs to another catalogue."""
        if setting == "PACKAGES_APP":
            self.forget()


kept_rules: Kept[Rules] = Kept()
kept_projects: Kept[dict[str, Role]] = Kept()
kept_publishers: Kept[Standing | None] = Kept()


def forget() -> None:
    """Let this process see at once what it changed itself."""
    kept_rules.forget()
    kept_projects.forget()
    kept_publishers.forget()


def rules() -> Rules:
    """Return the rules, by at most one query in ``SECONDS``."""
    return kept_rules.get("", read_rules)


def read_rules() -> Rules:
    """Return the rules as the catalogue has them now."""
    users, granted = standing_key(""), f"G#{options().index}#"
    found = Rules()
    with reported():
        for row in plain_query(RULES):
            if row["sk"].startswith(users):
                found.standings[row["sk"][len(users) :]] = Standing(
                    disabled=row.get("disabled", False),
                    administrator=row.get("administrator", False),
                    groups=tuple(row.get("groups", "").split()),
                )
            elif row["sk"].startswith(granted):
                subject, _, pattern = row["sk"][len(granted) :].partition("#")
                found.grants.setdefault(subject, {})[pattern] = Role(row["role"])
    oidc = options().oidc
    for group, granted_roles in (oidc.groups if oidc is not None else {}).items():
        # A provider's group has its roles by the settings, and by nothing that is kept.
        subject = Subject(SubjectKind.GROUP, f"oidc.{group}")
        found.grants[str(subject)] = {pattern: Role(role) for role, pattern in granted_roles}
    return found


def projects_of(subject: Subject) -> dict[str, Role]:
    """Return a subject's roles on single projects, by at most one query in ``SECONDS``."""

    def read() -> dict[str, Role]:
        with reported():
            rows = plain_query(roles_of(options().index, subject))
            return {row["sk"]: Role(row["role"]) for row in rows}

    return kept_projects.get(str(subject), read)


def role_on(subjects: tuple[Subject, ...], project: str) -> list[Role]:
    """Return what these subjects are to one project by its name, by one request."""
    keys = [(roles_of(options().index, subject), project) for subject in subjects]
    with reported():
        return [Role(row.role) for row in ProjectRoleRow.batch_get(keys, consistent_read=True)]


def standing_of(user: str) -> Standing | None:
    """Return what rules know of a user, or of a publisher; a configured user is an administrator without being kept."""
    if publisher := publisher_in(user):
        return kept_publishers.get(publisher, lambda: publisher_standing(publisher))
    return Standing(administrator=True) if user in options().users else rules().standings.get(user)


def publisher_standing(id_: str) -> Standing | None:
    """Return what rules know of a publisher, by one read: nothing but that it is there."""
    with reported():
        return None if plain_item(PUBLISHERS, id_) is None else Standing()


def subjects_of(user: str, standing: Standing) -> tuple[Subject, ...]:
    """Return whose grants count for a user: their own, and their groups'; for a publisher nothing but its own."""
    if publisher := publisher_in(user):
        return (Subject(SubjectKind.PUBLISHER, publisher),)
    groups = (Subject(SubjectKind.GROUP, group) for group in standing.groups)
    return (Subject(SubjectKind.USER, user), *groups, EVERYONE)
