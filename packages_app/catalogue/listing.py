"""Reads the list of projects a page at a time, from wherever the page before ended."""

import heapq
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter

from packages_app.catalogue.entries import File, Listed
from packages_app.catalogue.models import SHARDS, FileRow, ListingRow, file_key, partition, shard, shards
from packages_app.catalogue.read import as_file
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
    homes = shards(options().index)
    begin = homes.index(shard(options().index, after)) if after else 0
    first, last = prefix or "-", prefix + LAST  # "-" sorts behind the shard's own row, and before every name
    for number, home in enumerate(homes[begin:]):
        lower = max(after, first) if number == 0 else first
        if lower > last:
            continue
        for row in plain_query(home, ListingRow.sk.between(lower, last), limit=limit + 1):
            if number or row["sk"] != after:
                yield Listed(name=row["sk"], serial=int(row["serial"]))


def in_order(after: str = "", *, prefix: str = "", limit: int = 100) -> Iterator[Listed]:
    """Yield the projects behind one, in the order of their names, among those that begin with ``prefix``.

    Reading ``limit`` of them takes a query of each shard, and few more.
    """
    first, last = max(after, prefix or "-"), prefix + LAST
    if first > last:
        return
    share = limit // SHARDS + limit // (2 * SHARDS) + 4  # names spread evenly, nearly
    with reported():
        rows = heapq.merge(
            *(
                plain_query(shard_, ListingRow.sk.between(first, last), limit=share)
                for shard_ in shards(options().index)
            ),
            key=itemgetter("sk"),
        )
        for row in rows:
            if row["sk"] != after:
                yield Listed(name=row["sk"], serial=int(row["serial"]))


def files_in_order(project: str = "", filename: str = "", *, prefix: str = "", limit: int = 100) -> Iterator[File]:
    """Yield files behind one, in the order of projects and file names, of projects that begin with ``prefix``."""
    if project:
        yield from files_behind(project, filename, limit)
    for listed in in_order(project, prefix=prefix, limit=limit):
        yield from files_behind(listed.name, "", limit)


def files_behind(project: str, filename: str, limit: int) -> Iterator[File]:
    """Yield the files of a project behind the one of this name; an empty name is the beginning."""
    behind_ = FileRow.sk.between(file_key(filename), file_key(LAST))
    with reported():
        for row in plain_query(partition(options().index, project), behind_, limit=limit + 1):
            if row["sk"] != file_key(filename):
                yield as_file(project, row)
