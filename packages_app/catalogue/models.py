"""The catalogue's items: projects, files, the sharded listing, and bytes that are no longer listed.

All of one project lies in one partition, so that a page is one query and a change is one transaction.
"""

import zlib

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from packages_app import names
from packages_app.tables.base import LookupIndex, TableModel

SHARDS = 16
"""Partitions that the listing of projects is spread over; part of the stored layout."""


class ProjectRow(TableModel):
    """``P#<index>#<project>`` / ``#``."""

    display_name = UnicodeAttribute()
    serial = NumberAttribute()
    status = UnicodeAttribute(null=True)
    status_reason = UnicodeAttribute(null=True)
    latest = UnicodeAttribute(null=True)
    summary = UnicodeAttribute(null=True)
    keywords = UnicodeAttribute(null=True)
    """Joined by commas."""
    updated = NumberAttribute(null=True)
    """Microseconds since the epoch."""
    pending = UnicodeSetAttribute(null=True)
    indexed = UnicodeAttribute(null=True)
    indexing = UnicodeAttribute(null=True)


class RecentRow(TableModel):
    """``N#<index>`` / ``<microseconds>#<project>#<version>``; expires after a while, so that the partition stays small.

    What was deleted since is left out by who reads.
    """


class FileRow(TableModel):
    """``P#<index>#<project>`` / ``F#<filename>``; found by its bytes through the lookup index, ``B#<sha256>``."""

    lookup = LookupIndex()

    version = UnicodeAttribute()
    filetype = UnicodeAttribute()
    size = NumberAttribute()
    sha256 = UnicodeAttribute()
    blake2_256 = UnicodeAttribute(null=True)
    uploaded_at = NumberAttribute()
    """Microseconds since the epoch."""
    uploader = UnicodeAttribute(null=True)
    requires_python = UnicodeAttribute(null=True)
    metadata_sha256 = UnicodeAttribute(null=True)
    metadata_size = NumberAttribute(null=True)
    pkg_info_sha256 = UnicodeAttribute(null=True)
    attestations_sha256 = UnicodeAttribute(null=True)
    yanked = BooleanAttribute(null=True)
    yanked_reason = UnicodeAttribute(null=True)


class RetiredRow(TableModel):
    """``P#<index>#<project>`` / ``R#<sha256>#<filename>``: bytes that were listed and are not any more.

    They stay readable for clients that hold the old page, until ``reconcile`` collects them. `collect` says how
    ``claim`` keeps bytes from being listed that are about to go.
    """

    size = NumberAttribute()
    sha256 = UnicodeAttribute()
    metadata_sha256 = UnicodeAttribute(null=True)
    metadata_size = NumberAttribute(null=True)
    retired_at = NumberAttribute()
    """Microseconds since the epoch."""
    claim = UnicodeAttribute(null=True)
    """A random token of whoever removes the bytes; the latest one stays when they are gone."""
    claimed_at = NumberAttribute(null=True)
    """Microseconds since the epoch."""
    collected = BooleanAttribute(null=True)
    """Whether the bytes are gone; the row then stays for as long as an upload could still be under way."""


class DistributionRow(TableModel):
    """``P#<index>#<project>`` / ``D#<identity>``: which file name stands for one distribution of the project.

    ``Demo-1.0-py3-none-any.whl`` and ``demo-1.0.0-py3-none-any.whl`` are one distribution under two names: an installer
    could take either, and one that may not overwrite the other could stand beside it.
    """

    filename = UnicodeAttribute()
    deleted_sha256 = UnicodeAttribute(null=True)
    """The file was deleted, and had these bytes; the row stays, and with it the name is taken."""


class ListingRow(TableModel):
    """``L#<index>#<shard>`` / ``<project>``."""

    serial = NumberAttribute()


class GoneRow(TableModel):
    """``L#<index>#gone`` / ``<project>``: a deleted project whose retired bytes are not all collected yet."""

    deleted_at = NumberAttribute()
    """Microseconds since the epoch."""
    indexed = UnicodeAttribute(null=True)
    """The words that the search may still find it by."""


class FormerRow(TableModel):
    """``P#<index>#<project>`` / ``X#``: a project of this name was deleted once; it stays, beside a new one too."""

    deleted_at = NumberAttribute()
    """Microseconds since the epoch."""


FORMER = "X#"
"""The sort key of a `FormerRow`."""


class ShardRow(TableModel):
    """``L#<index>#<shard>`` / ``#``: has another version after every change under the shard.

    One item for the whole index would make every upload wait for every other; one in sixteen meets rarely, and then
    retries. A version is random, so that a catalogue rebuilt from nothing never repeats one that a client has kept.
    ``#`` sorts before every project name.
    """

    version = UnicodeAttribute()
    files = NumberAttribute(null=True)
    size = NumberAttribute(null=True)
    """How many files are listed under the shard, and their bytes together; kept by every change of them."""


class DownloadRow(TableModel):
    """What a download needs of a project's, a file's or a retired row, whichever the key names."""

    status = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    sha256 = UnicodeAttribute(null=True)
    metadata_sha256 = UnicodeAttribute(null=True)
    metadata_size = NumberAttribute(null=True)
    claim = UnicodeAttribute(null=True)


def recents(index: str) -> str:
    """Return the partition key of the releases that were published lately."""
    return f"N#{index}"


def recent_key(at: int, project: str, version: str) -> str:
    """Return the sort key of a release that was published at this time, in microseconds since the epoch."""
    return f"{at:017d}#{project}#{version}"


def partition(index: str, project: str) -> str:
    """Return the partition key of a project; ``project`` is normalised."""
    return f"P#{index}#{project}"


def file_key(filename: str) -> str:
    """Return the sort key of a file."""
    return f"F#{filename}"


def distribution_of(project: str, filename: str) -> str:
    """Return the sort key of what the file distributes, however its name spells it."""
    readings = names.readings(filename)
    reading = next((reading for reading in readings if reading.project == project), readings[0])
    return f"D#{reading.identity}"


def retired_key(sha256: str, filename: str) -> str:
    """Return the sort key of bytes that are no longer listed."""
    return f"R#{sha256}#{filename}"


def shard(index: str, project: str) -> str:
    """Return the partition key of the listing that a project is in."""
    return shards(index)[zlib.crc32(project.encode()) % SHARDS]


def gone(index: str) -> str:
    """Return the partition key of the list of deleted projects."""
    return f"L#{index}#gone"


def shards(index: str) -> tuple[str, ...]:
    """Return the partition keys of the whole listing."""
    return tuple(f"L#{index}#{number:x}" for number in range(SHARDS))
