"""The token's item."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from packages_app.tables.base import LookupIndex, TableModel

TOKENS = "T#tokens"


class TokenRow(TableModel):
    """``T#tokens`` / ``<id>``; found by its owner, ``T#<owner>`` / ``<created>#<id>``.

    A token that is revoked or has expired stays listed for a while; ``expires`` is when its item may go.
    """

    lookup = LookupIndex()

    owner = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    sha256 = UnicodeAttribute()
    actions = UnicodeAttribute()
    patterns = UnicodeAttribute()
    networks = UnicodeAttribute(null=True)
    """Words by spaces, all three."""
    created_at = NumberAttribute()
    expires_at = NumberAttribute(null=True)
    revoked_at = NumberAttribute(null=True)
    used_at = NumberAttribute(null=True)
    """Microseconds since the epoch, all four."""


def tokens_of(owner: str) -> str:
    """Return the lookup key of a user's tokens."""
    return f"T#{owner}"
