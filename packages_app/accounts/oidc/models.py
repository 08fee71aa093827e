"""The item that ties a provider's person to a user."""

import hashlib

from pynamodb.attributes import UnicodeAttribute

from packages_app.tables.base import TableModel


class IdentityRow(TableModel):
    """``I#<digest of issuer and subject>`` / ``#``."""

    user = UnicodeAttribute()


def partition(issuer: str, subject: str) -> str:
    """Return the partition key of a person at a provider."""
    return f"I#{digest(issuer, subject)}"


def digest(issuer: str, subject: str) -> str:
    """Return a text for a person at a provider; their own name for them is theirs to choose."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode("utf-8", "surrogatepass")).hexdigest()
