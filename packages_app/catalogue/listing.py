"""Reads the list of projects a page at a time, from wherever the page before ended."""

from collections.abc import Iterator
from itertools import islice

from packages_app.catalogue.entries import Listed
from packages_app.catalogue.models import ListingRow, shard, shards
from packages_app.conf import options
from packages_app.tables.base import plain_query
from packages_app.tables.outcomes import reported

LAST = "~"
"""Sorts behind every character of a normalised name (PEP 503)."""


def page(after: str, limit: int, *, prefix: str = "") -> tuple[Listed, ...]:
    """Return the next ``limit`` projects behind the one named ``after``; an empty name is the beginning.

    They come shard by shard, in an order that is the same every time and follows no alphabet. ``after`` need not exist
    any more. With ``prefix``, only names that begin so. A page that is not full is the last one.
    """
    with reported():
        return tuple(islice(behind(after, limit, prefix), limit))


def behind(after: str, limit: int, prefix: str) -> Iterator[Listed]:
    """Yield the projects behind one, asking the table for little more than ``limit`` at a time."""
    partitions = shards(options().index)
    begin = partitions.index(shard(options().index, after)) if after else 0
    first, last = prefix or "-", prefix + LAST  # "-" sorts behind the shard's own row, and before every name
    for number, partition in enumerate(partitions[begin:]):
        lower = max(after, first) if number == 0 else first
        if lower > last:
            continue
        for row in plain_query(partition, ListingRow.sk.between(lower, last), limit=limit + 1):
            if number or row["sk"] != after:
                yield Listed(name=row["sk"], serial=int(row["serial"]))
