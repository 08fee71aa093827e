"""Adds to a transaction what lists files, and says afterwards why they were not listed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from packages_app.catalogue import collect, read
from packages_app.catalogue.entries import File, Listing, Reuse
from packages_app.catalogue.errors import Busy, DistributionExists, FileChanged, FileDeleted
from packages_app.catalogue.models import (
    DistributionRow,
    FileRow,
    RecentRow,
    RetiredRow,
    distribution_of,
    partition,
    recent_key,
    recents,
    retired_key,
)
from packages_app.catalogue.read import microseconds
from packages_app.catalogue.rows import file_row, retired_row
from packages_app.conf import options
from packages_app.errors import PackagesError

RECENT = timedelta(days=90)
"""How long a release counts as published lately."""


def list_in(transaction: TransactWrite, listing: Listing) -> None:
    """Add what lists one file: at most four actions."""
    file, replaces = listing.file, listing.replaces
    key = partition(options().index, file.project)
    transaction.delete(RetiredRow(key, retired_key(file.sha256, file.filename)), collect.untouched(listing.fence))
    expected = FileRow.pk.does_not_exist() if replaces is None else FileRow.sha256 == replaces.sha256
    transaction.save(file_row(file), expected)
    transaction.save(
        DistributionRow(key, distribution_of(file.project, file.filename), filename=file.filename),
        free(listing),
    )
    if replaces is not None:
        transaction.save(retired_row(replaces))


def note_recent(transaction: TransactWrite, file: File) -> None:
    """Add what tells that the file's release was published lately, if that is so; imports keep their files' times."""
    expires = file.upload_time + RECENT
    if expires > datetime.now(UTC):
        key = recent_key(microseconds(file.upload_time), file.project, file.version)
        transaction.save(RecentRow(recents(options().index), key, expires=expires))


def free(listing: Listing) -> Condition:
    """Return the condition that no other file stands for the distribution, and that its name may be taken."""
    deleted = DistributionRow.deleted_sha256
    condition: Condition = DistributionRow.pk.does_not_exist() | (
        (DistributionRow.filename == listing.file.filename) & deleted.does_not_exist()
    )
    if listing.reuse is Reuse.SAME_BYTES:
        condition |= deleted == listing.file.sha256
    elif listing.reuse is Reuse.ANY_BYTES:
        condition |= deleted.exists()
    return condition


def not_listed(listings: Sequence[Listing], failures: tuple[bool, ...]) -> PackagesError:
    """Return why files were not listed; the request has all deletes first, in their order, and then the puts."""
    if any(failures[: len(listings)]):
        return Busy("The same bytes were cleared away in the meantime; try again in a moment.")
    place, spelled = len(listings), None
    for listing in listings:
        if failures[place]:
            return FileChanged(f"{listing.file.filename} was published by somebody else in the meantime.")
        if failures[place + 1]:
            spelled = listing.file
        place += 2 if listing.replaces is None else 3
    if spelled is not None:
        taken = read.taken(spelled.project, spelled.filename)
        if taken is not None:
            return (FileDeleted if taken.deleted_sha256 else DistributionExists).under(taken.filename)
    return FileChanged("These files were published by somebody else in the meantime.")
