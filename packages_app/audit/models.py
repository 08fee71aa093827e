"""The audit event's items: by time in one partition a month, again by who did it, and by lookup what it was done to."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from packages_app.tables.base import LookupIndex, TableModel


class AuditRow(TableModel):
    """``A#<index>#<yyyy-mm>`` and ``A#<index>#U#<actor>`` / ``<microseconds>-<random>``; never changed once written.

    The first is found by its project through the lookup index, ``A#<index>#P#<project>``, or where it is of no project
    by its target, ``A#<index>#T#<target>``. An item is in the index once, so who did it needs an item of its own.
    """

    lookup = LookupIndex()

    action = UnicodeAttribute()
    actor = UnicodeAttribute()
    address = UnicodeAttribute(default="")
    source = UnicodeAttribute(default="")
    token = UnicodeAttribute(null=True)
    project = UnicodeAttribute(default="")
    target = UnicodeAttribute(default="")
    before = UnicodeAttribute(default="{}")
    after = UnicodeAttribute(default="{}")


class UploadsRow(TableModel):
    """``A#<index>#uploads`` / ``<yyyy-mm-dd>``: how many files were published on a day that is over."""

    files = NumberAttribute()


LONGEST_NAME = 500
"""Characters of a name in a key; DynamoDB allows 2,048 bytes."""


def by_month(index: str, month: str) -> str:
    """Return the partition key of the events of a month (``yyyy-mm``, UTC)."""
    return f"A#{index}#{month}"


def by_actor(index: str, actor: str) -> str:
    """Return the partition key of what somebody did."""
    return f"A#{index}#U#{actor[:LONGEST_NAME]}"


def by_project(index: str, project: str) -> str:
    """Return the lookup key of what was done to a project."""
    return f"A#{index}#P#{project[:LONGEST_NAME]}"


def by_target(index: str, target: str) -> str:
    """Return the lookup key of what was done to something that belongs to no project, such as a user."""
    return f"A#{index}#T#{target[:LONGEST_NAME]}"
