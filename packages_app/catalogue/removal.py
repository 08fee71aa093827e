"""Takes files and projects out of the catalogue because somebody wants them gone.

A deleted file's name stays taken (`entries.Reuse`), and its bytes are retired as those of a replaced file are. A
deleted project leaves its retired bytes and taken names in its partition, where reconcile and later uploads find them.
"""

import secrets
import time
from collections.abc import Callable, Sequence

from pynamodb.exceptions import DeleteError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from packages_app.audit.write import record_in
from packages_app.catalogue.descriptions import as_read
from packages_app.catalogue.entries import Change, File, Project
from packages_app.catalogue.errors import Busy, ProjectChanged
from packages_app.catalogue.models import (
    FORMER,
    DistributionRow,
    FileRow,
    FormerRow,
    GoneRow,
    ListingRow,
    ProjectRow,
    ShardRow,
    distribution_of,
    file_key,
    gone,
    partition,
    shard,
)
from packages_app.catalogue.rows import retired_row
from packages_app.catalogue.transact import ALL_PENDING, changed, commit, event_of, waits
from packages_app.conf import options
from packages_app.tables.base import connection
from packages_app.tables.outcomes import failed_conditions, is_conflict, reported

MOST_DELETED = 30
"""Files that one transaction deletes: DynamoDB takes 100 actions, a file needs three."""


def delete_files(
    files: Sequence[File], change: Change, *, action: str, target: str, expected_serial: int | None = None
) -> int:
    """Delete files of one project, at most ``MOST_DELETED``, by one transaction; return the project's new serial.

    Raises:
        FileChanged: one of them is not listed any more, or with other bytes; nothing was deleted.
        NoSuchEntry: there is no such project.
        ProjectChanged: the project's serial is not the expected one.
    """
    project = files[0].project
    key = partition(options().index, project)

    def fill(transaction: TransactWrite) -> None:
        for file in files:
            transaction.delete(FileRow(key, file_key(file.filename)), FileRow.sha256 == file.sha256)
            identity = distribution_of(project, file.filename)
            transaction.save(
                DistributionRow(key, identity, filename=file.filename, deleted_sha256=file.sha256),
            )
            transaction.save(retired_row(file))

    event = event_of(change, action, project, target, before={file.filename: file.sha256 for file in files})
    return commit(
        project,
        fill,
        event=event,
        refusal=changed(target),
        sets=[ALL_PENDING],
        expected_serial=expected_serial,
        unlists=files,
    )


def delete_project(
    found: Project,
    change: Change,
    *,
    before: dict[str, str],
    expected_serial: int,
    beside: Callable[[TransactWrite], None] = lambda _: None,
) -> None:
    """Delete a project that had no file when it had this serial, and take it off the list of projects.

    ``beside`` adds what else goes with it, without a condition.

    Raises:
        ProjectChanged: it has another serial by now, is being indexed by somebody, or does not exist.
        Busy: other writers kept the list of projects for too long.
    """
    index, project = options().index, found.name
    home = shard(index, project)
    words = " ".join(filter(None, (found.indexed, found.indexing)))
    event = event_of(change, "project.delete", project, project, before=before)
    for _ in waits():
        try:
            with reported(), TransactWrite(connection=connection()) as transaction:
                row = ProjectRow(partition(index, project), "#")
                transaction.delete(row, (ProjectRow.serial == expected_serial) & as_read(found))
                transaction.delete(ListingRow(home, project))
                at = time.time_ns() // 1000
                transaction.save(GoneRow(gone(index), project, deleted_at=at, indexed=words or None))
                # For ever: whoever still asks for the name must not be given what a stranger publishes elsewhere.
                transaction.save(FormerRow(partition(index, project), FORMER, deleted_at=at))
                beside(transaction)
                record_in(transaction, event)
                transaction.update(ShardRow(home, "#"), [ShardRow.version.set(secrets.token_hex(8))])
        except TransactWriteError as error:
            if is_conflict(error):
                continue
            if not any(failed_conditions(error)):
                raise
            raise ProjectChanged.named(project) from error
        return
    raise Busy("Too many changes of this index at once; try again in a moment.")


def indexed_words(project: str) -> str:
    """Return the words that the search may still find a deleted project by."""
    with reported():
        try:
            return GoneRow.get(gone(options().index), project, consistent_read=True).indexed or ""
        except GoneRow.DoesNotExist:
            return ""


def forget_words(project: str, indexed: str) -> None:
    """Say that the search finds a deleted project no more by these words."""
    with reported():
        try:
            row = GoneRow(gone(options().index), project)
            row.update([GoneRow.indexed.remove()], condition=GoneRow.indexed == indexed)
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def forget(project: str, *, deleted_before: int) -> None:
    """Strike a project from the list of deleted ones; one that was deleted anew since (microseconds) stays on it."""
    with reported():
        try:
            GoneRow(gone(options().index), project).delete(GoneRow.deleted_at < deleted_before)
        except DeleteError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
