"""One audit event, as other packages write and read it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that changed the index."""

    action: str
    """What happened, such as ``file.publish`` or ``file.replace``."""
    actor: str
    """Who did it; empty for nobody in particular."""
    address: str = ""
    """From where on the network; empty for a command."""
    source: str = ""
    """The door it came through, such as ``legacy`` or ``command``."""
    token: str = ""
    """The id of the API token that the actor showed; empty without one."""
    project: str = ""
    target: str = ""
    """What it was done to, such as a file name."""
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    id: str = field(default="", compare=False)
    """Orders events by time, and tells those of one moment apart; empty before it is written."""
    at: datetime | None = field(default=None, compare=False)
    """When it was written, in UTC."""


@dataclass(frozen=True, kw_only=True)
class Trail:
    """A page of events, the newest first."""

    events: tuple[Event, ...]
    cursor: str = ""
    """What to ask for the next page with; empty at the end."""
