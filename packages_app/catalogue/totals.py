"""How much the index lists in all: files and bytes as every change counts them, projects as the listing has them."""

from dataclasses import dataclass

from pynamodb.exceptions import UpdateError

from packages_app.catalogue import read
from packages_app.catalogue.models import ListingRow, ShardRow, shards
from packages_app.conf import options
from packages_app.tables.base import plain_query
from packages_app.tables.outcomes import reported

ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How much is listed."""

    projects: int
    files: int
    size: int
    """Bytes of the listed files together; bytes that are replaced, deleted or kept of another index are beside that."""


def totals() -> Totals:
    """Return how much is listed: one request for files and bytes; projects are counted by a query of each shard."""
    homes = shards(options().index)
    with reported():
        rows = list(ShardRow.batch_get([(home, "#") for home in homes]))
        projects = sum(ListingRow.count(home, ListingRow.sk > "#") for home in homes)
    # Where files were listed before anybody counted, and are deleted since, less than nothing would be left.
    return Totals(
        projects=projects,
        files=max(0, sum(int(row.files or 0) for row in rows)),
        size=max(0, sum(int(row.size or 0) for row in rows)),
    )


def recount() -> None:
    """Count files and bytes anew from the files themselves; a shard that keeps changing meanwhile is left as it is.

    Every change keeps the totals right by itself: this is for catalogues from before they were kept, and rebuilt ones.
    """
    for home in shards(options().index):
        for _ in range(ATTEMPTS):
            if recounted(home):
                break


def recounted(home: str) -> bool:
    """Count one shard; False when it changed meanwhile."""
    with reported():
        try:
            before = ShardRow.get(home, "#", consistent_read=True)
        except ShardRow.DoesNotExist:
            return True
        names = [row["sk"] for row in plain_query(home, ListingRow.sk > "#")]
    files, size = 0, 0
    for name in names:
        found = read.files(name)
        files, size = files + len(found), size + sum(file.size for file in found)
    with reported():
        try:
            before.update(
                [ShardRow.files.set(files), ShardRow.size.set(size)], condition=ShardRow.version == before.version
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return False
    return True
