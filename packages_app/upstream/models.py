"""The items of this package: rules about names, and what is kept of the upstream."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from packages_app.tables.base import TableModel


class RuleRow(TableModel):
    """``O#<index>`` / ``R#<pattern>`` (a reservation) or ``N#<pattern>`` (an owner): few, and read together."""

    owner = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(default="")
    actor = UnicodeAttribute(default="")
    decided_at = NumberAttribute()
    """Microseconds since the epoch."""


class PageRow(TableModel):
    """``C#<index>#<project>`` / ``#``: what the upstream said of a project last; the page itself is in the file store.

    Times are microseconds since the epoch. Items of names that the upstream never had expire.
    """

    body = UnicodeAttribute(null=True)
    absent = BooleanAttribute(null=True)
    seen = BooleanAttribute(null=True)
    serial = NumberAttribute(null=True)
    status = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    etag = UnicodeAttribute(null=True)
    last_modified = UnicodeAttribute(null=True)
    checked_at = NumberAttribute(null=True)
    retry_at = NumberAttribute(null=True)
    fault = UnicodeAttribute(null=True)
    lease = UnicodeAttribute(null=True)
    """A random token of whoever asks the upstream at this moment."""
    leased_until = NumberAttribute(null=True)


class FileRow(TableModel):
    """``C#<index>#<project>`` / ``F#<sha256>#<filename>`` (a file) or ``M#…`` (its metadata): bytes that are kept here.

    The bytes lie in the file store under their own digest, and the item is found by it through the lookup index. One
    without ``kept_at`` only has a lease, and expires.
    """

    digest = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    version = UnicodeAttribute(null=True)
    filetype = UnicodeAttribute(null=True)
    upload_time = UnicodeAttribute(null=True)
    url = UnicodeAttribute(null=True)
    kept_at = NumberAttribute(null=True)
    refused_at = NumberAttribute(null=True)
    """When other bytes came than were announced."""
    asked_at = NumberAttribute(null=True)
    """When it was left to be fetched after its request."""
    lease = UnicodeAttribute(null=True)
    leased_until = NumberAttribute(null=True)


def bytes_of(sha256: str) -> str:
    """Return the lookup key of the items that have these bytes in common."""
    return f"K#{sha256}"


def page_partition(index: str, project: str) -> str:
    """Return the partition key of what is kept of a project's upstream."""
    return f"C#{index}#{project}"


def rules_partition(index: str) -> str:
    """Return the partition key of the rules about names."""
    return f"O#{index}"
