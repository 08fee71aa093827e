"""The items of trusted publishers, and of tokens that were exchanged."""

import hashlib

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from packages_app.tables.base import LookupIndex, TableModel


class PublisherRow(TableModel):
    """``P#publishers`` / ``<id>``; found by issuer and repository, ``P#<digest of both>`` / ``<id>``."""

    lookup = LookupIndex()

    kind = UnicodeAttribute()
    issuer = UnicodeAttribute()
    fields = UnicodeAttribute()
    """A JSON object."""
    creator = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    used_at = NumberAttribute(null=True)
    """Microseconds since the epoch, both."""
    pinned = UnicodeAttribute(null=True)


class ExchangedRow(TableModel):
    """``J#<digest of issuer and token id>`` / ``#``: a token that was exchanged; ``expires`` after its own end."""


def publishers_at(issuer: str, place: str) -> str:
    """Return the lookup key of the publishers that an issuer speaks of under a name of its own for them."""
    return f"P#{digest(issuer, place)[:32]}"


def exchanged(issuer: str, token: str) -> str:
    """Return the partition key of an issuer's token that was exchanged."""
    return f"J#{digest(issuer, token)}"


def digest(*texts: str) -> str:
    """Return a text for texts that are others' to choose."""
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
