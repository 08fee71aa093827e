"""The items of upload sessions: the session, its files, and the reservation of the release they make."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from packages_app.tables.base import LookupIndex, TableModel


class SessionRow(TableModel):
    """``S#<session>`` / ``#``; ``expires`` is when the session ends, and after that when the item may go.

    All of an index are found by ``S#<index>`` / ``<created>#<session>`` in the lookup index.
    """

    lookup = LookupIndex()

    index = UnicodeAttribute()
    name = UnicodeAttribute()
    project = UnicodeAttribute()
    version = UnicodeAttribute()
    status = UnicodeAttribute()
    stage = UnicodeAttribute()
    actor = UnicodeAttribute(null=True)
    created_at = NumberAttribute()
    """Microseconds since the epoch."""
    held_until = NumberAttribute(null=True)
    """Microseconds since the epoch; until then nobody else publishes the session."""
    attempts = NumberAttribute(null=True)
    progress = NumberAttribute(null=True)
    """Files in their place."""
    notice = UnicodeAttribute(null=True)


class SessionFileRow(TableModel):
    """``S#<session>`` / ``F#<filename>``; ``expires`` lies behind the end of any session."""

    size = NumberAttribute()
    hashes = UnicodeAttribute()
    """A JSON object: names of digests to hexadecimal."""
    mechanism = UnicodeAttribute()
    status = UnicodeAttribute()
    held_until = NumberAttribute(null=True)
    """Microseconds since the epoch; until then nobody else checks the file."""
    claim = UnicodeAttribute(null=True)
    """Random, of whoever began to check the file last."""
    attempts = NumberAttribute(null=True)
    progress = NumberAttribute(null=True)
    """Bytes that were looked at."""
    notice = UnicodeAttribute(null=True)
    received = UnicodeAttribute(null=True)
    """A JSON object of digests that were computed while the bytes came in."""
    part_size = NumberAttribute(null=True)
    upload = UnicodeAttribute(null=True)
    """The store's name for the file's parts."""
    attested = BooleanAttribute(null=True)
    checked = UnicodeAttribute(null=True)
    """A JSON object: the completed file as the catalogue will list it."""
    display_name = UnicodeAttribute(null=True)


class ReservationRow(TableModel):
    """``V#<index>#<project>`` / ``<version>``: at most one session for a release lives at a time."""

    session = UnicodeAttribute()


def partition(session: str) -> str:
    """Return the partition key of a session and its files."""
    return f"S#{session}"


def all_of(index: str) -> str:
    """Return the lookup key of an index's sessions."""
    return f"S#{index}"


def file_key(filename: str) -> str:
    """Return the sort key of a file of a session."""
    return f"F#{filename}"


def releases(index: str, project: str) -> str:
    """Return the partition key of a project's reservations."""
    return f"V#{index}#{project}"
