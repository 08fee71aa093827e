"""Reads the catalogue: a project, its files, the listing; every query goes to its end."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from packages_app import names
from packages_app.catalogue.entries import Description, Download, File, Listed, Project, Retired, Status, Taken
from packages_app.catalogue.models import (
    FORMER,
    DistributionRow,
    DownloadRow,
    FileRow,
    GoneRow,
    ListingRow,
    ProjectRow,
    RetiredRow,
    ShardRow,
    distribution_of,
    file_key,
    gone,
    partition,
    retired_key,
    shards,
)
from packages_app.conf import options
from packages_app.tables.base import plain, plain_item, plain_query
from packages_app.tables.outcomes import reported

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def project(name: str) -> Project | None:
    """Return the project with this normalised name, by one read."""
    with reported():
        row = plain_item(partition(options().index, name), "#")
    return None if row is None else as_project(name, row)


def was_deleted(name: str) -> bool:
    """Return whether a project of this normalised name was ever deleted, by one read."""
    with reported():
        return plain_item(partition(options().index, name), FORMER) is not None


def projects(wanted: Iterable[str]) -> dict[str, Project]:
    """Return those of at most a hundred projects that exist, by one request; a change may be missing for a moment."""
    index = options().index
    keys = [(partition(index, name), "#") for name in dict.fromkeys(wanted)]
    if not keys:
        return {}
    with reported():
        rows = ProjectRow.batch_get(keys)
        found = [as_project(row.pk.split("#", 2)[2], plain(row.serialize())) for row in rows]
    return {project.name: project for project in found}


def files(project_name: str) -> tuple[File, ...]:
    """Return every file of a project, in the order of their file names.

    The read is consistent: a page is kept under the serial that was read before it, and must not lack a file of it.
    """
    with reported():
        rows = plain_query(partition(options().index, project_name), FileRow.sk.startswith("F#"))
        return tuple(as_file(project_name, row) for row in rows)


def files_named(project_name: str, beginning: str, most: int = 200) -> tuple[File, ...]:
    """Return the files of a project whose names begin so, at most so many, by one query."""
    with reported():
        rows = plain_query(
            partition(options().index, project_name), FileRow.sk.startswith(file_key(beginning)), limit=most
        )
        return tuple(as_file(project_name, row) for row in islice(rows, most))


def file(project_name: str, filename: str) -> File | None:
    """Return one file of a project, by one read."""
    with reported():
        row = plain_item(partition(options().index, project_name), file_key(filename))
    return None if row is None else as_file(project_name, row)


def taken(project_name: str, filename: str) -> Taken | None:
    """Return the name under which the distribution of this file name is published or was deleted, by one read."""
    with reported():
        try:
            row = DistributionRow.get(
                partition(options().index, project_name), distribution_of(project_name, filename), consistent_read=True
            )
        except DistributionRow.DoesNotExist:
            return None
    return Taken(filename=row.filename, deleted_sha256=row.deleted_sha256 or "")


def download(sha256: str, filename: str) -> Download | None:
    """Return what a download of these bytes under this file name needs, by one request; None if it is not offered.

    Bytes that were replaced or withdrawn are still offered until they are collected, as a client may hold an older
    page. The project's row is read along, because a quarantined project must not offer its files (PEP 792).
    """
    for reading in names.readings(filename):
        key = partition(options().index, reading.project)
        wanted = [(key, "#"), (key, file_key(filename)), (key, retired_key(sha256, filename))]
        with reported():
            rows = {row.sk: row for row in DownloadRow.batch_get(wanted, consistent_read=True)}
        owner = rows.pop("#", None)
        if owner is None or not Status(owner.status or Status.ACTIVE.value).offers_files:
            continue
        for row in rows.values():
            if row.sha256 == sha256 and not row.claim:
                return Download(
                    project=reading.project,
                    version=str(reading.version),
                    filename=filename,
                    sha256=sha256,
                    size=int(row.size),
                    metadata_sha256=row.metadata_sha256 or "",
                    metadata_size=int(row.metadata_size or 0),
                )
    return None


def root_version() -> str:
    """Return a text that changes whenever anything visible in the index changes, by one request."""
    with reported():
        keys = [(shard, "#") for shard in shards(options().index)]
        rows = ShardRow.batch_get(keys, consistent_read=True)
        versions = sorted((row.pk, row.version) for row in rows)
    return hashlib.sha256(repr(versions).encode()).hexdigest()[:24]


def listed() -> Iterator[Listed]:
    """Yield every project of the index, shard by shard."""
    with reported():
        for shard in shards(options().index):
            for row in plain_query(shard, ListingRow.sk > "#"):
                yield Listed(name=row["sk"], serial=int(row["serial"]))


def deleted() -> Iterator[str]:
    """Yield the deleted projects some of whose bytes may still be in the store."""
    with reported():
        for row in plain_query(gone(options().index), GoneRow.sk > "#"):
            yield row["sk"]


def retired(project_name: str) -> tuple[Retired, ...]:
    """Return the bytes of a project that are no longer listed and not yet collected."""
    with reported():
        rows = RetiredRow.query(
            partition(options().index, project_name), RetiredRow.sk.startswith("R#"), consistent_read=True
        )
        return tuple(
            Retired(
                project=project_name,
                filename=row.sk.split("#", 2)[2],
                sha256=row.sha256,
                size=int(row.size),
                metadata_sha256=row.metadata_sha256 or "",
                metadata_size=int(row.metadata_size or 0),
                retired_at=moment(int(row.retired_at)),
                claimed=bool(row.claim),
            )
            for row in rows
            if not row.collected
        )


def as_project(name: str, row: dict[str, Any]) -> Project:
    """Return a project's item, as plain values, as other packages see it."""
    return Project(
        name=name,
        display_name=row["display_name"],
        serial=int(row["serial"]),
        status=Status(row.get("status", Status.ACTIVE.value)),
        status_reason=row.get("status_reason", ""),
        described=Description(
            latest=row.get("latest", ""),
            summary=row.get("summary", ""),
            keywords=tuple(filter(None, row.get("keywords", "").split(","))),
            updated=moment(int(row["updated"])) if "updated" in row else None,
        ),
        pending=frozenset(row.get("pending", ())),
        indexed=row.get("indexed", ""),
        indexing=row.get("indexing", ""),
    )


def as_file(project_name: str, row: dict[str, Any]) -> File:
    """Return a file's item, as plain values, as other packages see it."""
    return File(
        project=project_name,
        filename=row["sk"][2:],
        version=row["version"],
        filetype=row["filetype"],
        size=int(row["size"]),
        sha256=row["sha256"],
        blake2_256=row.get("blake2_256", ""),
        upload_time=moment(int(row["uploaded_at"])),
        uploader=row.get("uploader", ""),
        requires_python=row.get("requires_python", ""),
        metadata_sha256=row.get("metadata_sha256", ""),
        metadata_size=int(row.get("metadata_size", 0)),
        pkg_info_sha256=row.get("pkg_info_sha256", ""),
        attestations_sha256=row.get("attestations_sha256", ""),
        yanked=row.get("yanked", False),
        yanked_reason=row.get("yanked_reason", ""),
    )


def moment(micros: int) -> datetime:
    """Return microseconds since the epoch as a moment in UTC, exactly."""
    return EPOCH + timedelta(microseconds=micros)


def microseconds(at: datetime) -> int:
    """Return a moment as microseconds since the epoch, exactly."""
    return (at - EPOCH) // timedelta(microseconds=1)
