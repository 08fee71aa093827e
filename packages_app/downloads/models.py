"""The item of a day's downloads."""

from pynamodb.attributes import NumberAttribute

from packages_app.tables.base import TableModel

VERSION = "v:"
"""What an attribute that counts a version begins with; the version follows."""


class DownloadsRow(TableModel):
    """``K#<index>#<project>`` / ``<yyyy-mm-dd>``, of the index as a whole ``K#<index>#``; expires after two years.

    Each version has an attribute of its own, so that one write counts all of a project's versions.
    """

    total = NumberAttribute()


def partition(index: str, project: str) -> str:
    """Return the partition key of a project's days; an empty name stands for the index as a whole."""
    return f"K#{index}#{project}"
