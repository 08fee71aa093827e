"""What other packages may know of a token."""

from dataclasses import dataclass
from datetime import UTC, datetime

from packages_app.accounts.entries import Limits
from packages_app.accounts.patterns import EVERY
from packages_app.accounts.roles import Action


@dataclass(frozen=True, kw_only=True)
class Token:
    """An API token; its secret is nowhere."""

    id: str
    owner: str
    description: str = ""
    actions: frozenset[Action] = frozenset({Action.READ})
    patterns: tuple[str, ...] = (EVERY,)
    networks: tuple[str, ...] = ()
    """Networks in CIDR notation that it may be used from; empty for all."""
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None
    """To the hour."""

    @property
    def limits(self) -> Limits:
        """What it allows at most."""
        return Limits(actions=self.actions, patterns=self.patterns)

    @property
    def state(self) -> str:
        """``active``, ``expired`` or ``revoked``."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= datetime.now(UTC) else "active"


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some tokens of a list, and where the next ones begin."""

    tokens: tuple[Token, ...]
    next: str = ""
    """The cursor to ask for the next page with; empty at the end."""
