"""Where a page of a list ended, as an opaque text that a script hands back."""

import base64
import binascii

from packages_app.api.errors import BadQuery

LONGEST = 2048


def written(place: str) -> str | None:
    """Return the cursor of a place; None where there is nothing behind it."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=") if place else None


def read(cursor: str) -> str:
    """Return the place that a cursor stands for; an empty cursor is the beginning.

    Raises:
        BadQuery: this index never made such a cursor.
    """
    wrong = BadQuery("This cursor is damaged: take the one that the page before gave as next.")
    if len(cursor) > LONGEST:
        raise wrong
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise wrong from None
