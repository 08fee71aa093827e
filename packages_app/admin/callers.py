"""Who uses the admin, as the journeys know callers."""

from django.http import HttpRequest

from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand

SOURCE = "admin"
"""What the audit trail calls this door."""


def is_administrator(request: HttpRequest) -> bool:
    """Return whether an administrator is signed in, and may still be."""
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_staff)


def caller(request: HttpRequest) -> Principal:
    """Return who sent the request, once more asked for: what changes something is for administrators only.

    Raises:
        NotSignedIn: nobody is signed in.
        Forbidden: it is no administrator, or not any more.
    """
    found = Principal(name=request.user.get_username(), address=request.META.get("REMOTE_ADDR", ""))
    demand(found, Action.ADMINISTER)
    return found
