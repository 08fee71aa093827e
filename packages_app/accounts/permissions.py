"""The one place that says who may do what; deny by default."""

from enum import Enum

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import NotSignedIn
from packages_app.conf import options


class Action(Enum):
    """What a caller wants to do with a project or, without one, with the index."""

    READ = "read"
    UPLOAD = "upload"
    YANK = "yank"
    DELETE = "delete"
    MANAGE = "manage"
    """Set a project's status, share it with others, read its trail."""
    ADMINISTER = "administer"
    """Change users, groups and rules of the index as a whole."""


def demand(principal: Principal, action: Action, project: str | None = None) -> None:
    """Return if the principal may do this, to ``project`` (normalised name) or to the index as a whole.

    Every configured user may do everything; an anonymous caller may read, and only where the operator opened reading.

    Raises:
        NotSignedIn: this needs somebody to be signed in.
    """
    if not may(principal, action, project):
        raise NotSignedIn(f"Sign in to {action.value}: this index needs a user name and a password.")


def may(principal: Principal, action: Action, project: str | None = None) -> bool:
    """Say whether the principal may do this, to ``project`` (normalised name) or to the index as a whole."""
    del project  # configured users have the whole index
    return principal.signed_in or (action is Action.READ and options().public_read)
