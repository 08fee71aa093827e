"""Where a page of a list ended, as an opaque text that a script hands back.

It is sealed: the place may be the name of a project that the caller must not know of.
"""

from packages_app.api.errors import BadQuery
from packages_app.sealed import Broken, seal, unseal

LONGEST = 4096


def written(place: str) -> str | None:
    """Return the cursor of a place; None where there is nothing behind it."""
    return seal(place) if place else None


def read(cursor: str) -> str:
    """Return the place that a cursor stands for; an empty cursor is the beginning.

    Raises:
        BadQuery: this index never made such a cursor.
    """
    if not cursor:
        return ""
    try:
        if len(cursor) <= LONGEST:
            return unseal(cursor)
    except Broken:
        pass
    raise BadQuery("This cursor is damaged: take the one that the page before gave as next.")
