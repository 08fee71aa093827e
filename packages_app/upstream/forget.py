"""Lets go of everything that is kept of a project's upstream: to make room, or because it must not be had any more."""

from dataclasses import dataclass

from packages_app.audit.write import record
from packages_app.catalogue.entries import Change
from packages_app.catalogue.transact import event_of
from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store import write as store
from packages_app.tables.base import plain_lookup, plain_query
from packages_app.tables.outcomes import reported
from packages_app.upstream import kept
from packages_app.upstream.models import FileRow, bytes_of, page_partition


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What was let go of."""

    files: int
    """Names of files and of their metadata."""
    size: int
    """Bytes that are free again; those that another name shares stay."""


def forget(project: str, change: Change) -> Forgotten:
    """Remove the kept page and files of a normalised name; that the upstream had the project stays known.

    Who asks for them again has them fetched again, unless a rule or a policy says otherwise.

    Raises:
        TableUnavailable: the catalogue cannot answer; calling it again goes on.
        StoreUnavailable: the disk or bucket refuses; the same.
    """
    partition = page_partition(options().index, project)
    files, size = 0, 0
    with reported():
        rows = [row for row in plain_query(partition, FileRow.sk > "#") if "kept_at" in row]
    for row in rows:
        # First the item, so that nobody is led to bytes that are gone.
        with reported():
            FileRow(partition, row["sk"]).delete()
            others = {(other["pk"], other["sk"]) for other in plain_lookup(bytes_of(row["digest"]))}
        files += 1
        if not others - {(partition, row["sk"])}:
            store.remove(keys.upstream_file(row["digest"]))
            size += int(row["size"])
    known = kept.read(project)
    if known.body:
        kept.lost(known)
        store.remove(keys.upstream_page(project, known.body))
    record(event_of(change, "upstream.forget", project, "", before={"files": str(files), "size": str(size)}))
    return Forgotten(files=files, size=size)
