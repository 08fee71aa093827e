"""Users as items, and as the audit trail keeps them."""

from packages_app.accounts.entries import User
from packages_app.accounts.models import RULES, USERS, StandingRow, UserRow, standing_key
from packages_app.catalogue.read import microseconds


def user_row(user: User) -> UserRow:
    """Return the user as its item; what is empty or off is left out."""
    return UserRow(
        USERS,
        user.name,
        display_name=user.display_name or None,
        email=user.email or None,
        password=user.password or None,
        nonce=user.nonce or None,
        disabled=user.disabled or None,
        administrator=user.administrator or None,
        groups=" ".join(sorted(set(user.groups))) or None,
        created_at=microseconds(user.created) if user.created else None,
        updated_at=microseconds(user.updated) if user.updated else None,
        version=user.version,
    )


def standing_row(user: User) -> StandingRow:
    """Return what rules need to know of the user as its item."""
    return StandingRow(
        RULES,
        standing_key(user.name),
        disabled=user.disabled or None,
        administrator=user.administrator or None,
        groups=" ".join(sorted(set(user.groups))) or None,
    )


def told(user: User) -> dict[str, str]:
    """Return what the audit trail keeps of a user: nothing of the password."""
    found = {
        "display_name": user.display_name,
        "email": user.email,
        "disabled": "yes" if user.disabled else "",
        "administrator": "yes" if user.administrator else "",
        "groups": " ".join(user.groups),
    }
    return {name: value for name, value in found.items() if value}
