"""What other packages may know of callers, users, groups and what they were granted."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from packages_app.accounts.patterns import EVERY, covered
from packages_app.accounts.roles import SOMEWHERE, Action, Role
from packages_app.catalogue.entries import Change


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a token may do at most, whatever its owner may."""

    actions: frozenset[Action]
    patterns: tuple[str, ...]

    def allow(self, action: Action, project: str | None) -> bool:
        """Return whether the token is meant for this; without a project, as `roles.SOMEWHERE` says."""
        if project is not None:
            return action in self.actions and covered(self.patterns, project)
        return action in self.actions and (action in SOMEWHERE or EVERY in self.patterns)


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who a request comes from; an empty name is an anonymous caller."""

    name: str
    address: str = ""
    """The network address the request came from, for the audit trail; empty for a command."""
    token: str = ""
    """The id of the API token that was shown, for the audit trail; empty for a password or a browser's session."""
    limits: Limits | None = None
    """What the token may do at most; None where there is no token."""
    trusted: bool = False
    """A command or handler of the index itself: whoever runs those has the catalogue in hand, and may do everything."""

    @property
    def signed_in(self) -> bool:
        """Whether credentials were given and right."""
        return bool(self.name)

    @property
    def publishes(self) -> bool:
        """Whether this is a trusted publisher, not a user."""
        return self.name.startswith(PUBLISHER)

    def change(self, source: str) -> Change:
        """Return what the audit trail keeps of a change that this caller makes through a door, such as ``api``."""
        return Change(actor=self.name, address=self.address, source=source, token=self.token)


class SubjectKind(Enum):
    """Whom a grant is for."""

    USER = "user"
    GROUP = "group"
    PUBLISHER = "publisher"
    """A pipeline that trusted publishing is set up for."""


PUBLISHER = f"{SubjectKind.PUBLISHER.value}:"
"""What names of publishers begin with where names of users stand; no user's name has a colon."""


def publisher_in(name: str) -> str:
    """Return the id of the publisher that is named where users are; empty for a user."""
    return name.removeprefix(PUBLISHER) if name.startswith(PUBLISHER) else ""


@dataclass(frozen=True)
class Subject:
    """A user, a group or a trusted publisher."""

    kind: SubjectKind
    name: str

    def __str__(self) -> str:
        """Return it as keys and texts write it: ``user:ana``."""
        return f"{self.kind.value}:{self.name}"


EVERYONE = Subject(SubjectKind.GROUP, "everyone")
"""The group that every enabled user is in, without being put there."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role on a project, or on all projects that a pattern covers."""

    subject: Subject
    pattern: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Group:
    """A name for several users, to grant roles to."""

    name: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class User:
    """A person or a machine that has an account."""

    name: str
    display_name: str = ""
    email: str = ""
    disabled: bool = False
    administrator: bool = False
    groups: tuple[str, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None
    password: str = field(default="", repr=False)
    """As Django's hashers encode it; empty for nobody can sign in with one."""
    nonce: str = field(default="", repr=False)
    """Part of every browser session of the user: another one ends them all."""
    version: int = 0
    """Grows by every change; a change demands the version that it was made from."""
    configured: bool = False
    """Whether the operator named the user in the settings: an administrator, whose password is kept there."""
