"""What other packages may know of trusted publishers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from packages_app.accounts.entries import Subject, SubjectKind


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """What tells one pipeline of a CI service from all others."""

    kind: str
    """Of the service: a name in `kinds.KINDS`."""
    issuer: str
    """Who signs its tokens."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The kind's own fields, such as ``repository``; none of them is empty."""


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """A pipeline that may be granted roles, as a user may."""

    id: str
    pipeline: Pipeline
    about: str = ""
    """The pipeline in a few words."""
    creator: str = ""
    """Who named it here first."""
    created: datetime
    pinned: str = ""
    """Ids of the repository and its owner that never pass to another, as they were at the first exchange."""
    last_used: datetime | None = None

    @property
    def subject(self) -> Subject:
        """Whom roles are granted to."""
        return Subject(SubjectKind.PUBLISHER, self.id)

    @property
    def name(self) -> str:
        """What it is called as an actor and as the owner of its tokens."""
        return str(self.subject)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some publishers of a list, and where the next ones begin."""

    publishers: tuple[Publisher, ...]
    next: str = ""
    """The cursor to ask for the next page with; empty at the end."""
