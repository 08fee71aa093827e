"""One change of a project as one transaction: what changed, the project's serial, the listing, the audit event."""

import random
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from packages_app import patience
from packages_app.audit.entries import Event
from packages_app.audit.write import record_in
from packages_app.catalogue import read
from packages_app.catalogue.entries import Change, File
from packages_app.catalogue.errors import Busy, FileChanged, NoSuchEntry, ProjectChanged, ProjectClosed
from packages_app.catalogue.models import ListingRow, ProjectRow, ShardRow, partition, shard
from packages_app.conf import options
from packages_app.errors import PackagesError
from packages_app.tables.base import connection
from packages_app.tables.outcomes import failed_conditions, is_conflict, reported

PATIENCE = 20.0
"""Seconds that a change waits for other writers before it gives up; well inside a request's time on Lambda."""

TOUCHED = 3
"""Updates that every change ends with: the project's row, its listing, the listing's shard."""

ALL_PENDING = ProjectRow.pending.add({"*"})
"""Part of every change after which the description of the project may be another."""


class Upload(Enum):
    """Whether a change lists files, and whether it is to begin its project."""

    NONE = "none"
    ANY = "any"
    FIRST = "first"


Refusal = Callable[[tuple[bool, ...]], PackagesError]


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A condition on an item of another package that a change demands beside its own."""

    check: Callable[[TransactWrite], None]
    """Adds one condition check, and nothing else."""
    refusal: PackagesError
    """What to raise where it does not hold."""


OPEN = ProjectRow.status.does_not_exist() | ProjectRow.status.is_in("active", "deprecated")


def commit(
    project: str,
    fill: Callable[[TransactWrite], None],
    *,
    event: Event,
    refusal: Refusal,
    sets: Sequence[Action] = (),
    upload: Upload = Upload.NONE,
    expected_serial: int | None = None,
    lists: Sequence[File] = (),
    unlists: Sequence[File] = (),
    guard: Guard | None = None,
) -> int:
    """Write what ``fill`` adds, with a new serial, and return the serial.

    ``sets`` are further changes of the project's own row. With ``upload`` the project is made when it is new, and must
    accept uploads; a first one demands that it is new; without, it must exist. ``expected_serial`` is what the caller
    decided by. ``refusal`` turns the conditions of ``fill``'s actions that failed (in the order of the request: checks,
    deletes, puts, updates) into the error to raise. ``lists`` and ``unlists`` are the files that come and go, for the
    index's totals. ``guard`` is what must hold beside; its own refusal is raised where it does not.

    Raises:
        ProjectClosed: its status does not accept uploads.
        NoSuchEntry: there is no such project.
        FileChanged: this was to begin the project, and somebody else did.
        ProjectChanged: its serial is not the expected one.
        Busy: other writers kept the project for too long.
    """
    serial = time.time_ns() // 1000
    grown = growth(lists, unlists)
    for _ in waits():
        try:
            with reported(), TransactWrite(connection=connection()) as transaction:
                if guard is not None:
                    guard.check(transaction)
                fill(transaction)
                record_in(transaction, event)
                touch(transaction, project, serial, sets=sets, grown=grown, upload=upload, expected=expected_serial)
        except TransactWriteError as error:
            if is_conflict(error):
                continue
            failures = failed_conditions(error)
            if not any(failures):
                raise
            if not failures[-TOUCHED]:
                raise refused(failures, guard, refusal) from error
            serial = later_serial(project, serial, upload=upload, expected=expected_serial)
        else:
            return serial
    raise Busy("Too many changes of this project at once; try again in a moment.")


def refused(failures: tuple[bool, ...], guard: Guard | None, refusal: Refusal) -> PackagesError:
    """Return why a change was not made; checks come first in a request, and the guard's is the only one."""
    if guard is None:
        return refusal(failures)
    return guard.refusal if failures[0] else refusal(failures[1:])


def event_of(
    change: Change,
    action: str,
    project: str,
    target: str,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> Event:
    """Return the audit event of a change."""
    return Event(
        action=action,
        actor=change.actor,
        address=change.address,
        source=change.source,
        token=change.token,
        project=project,
        target=target,
        before=before or {},
        after=after or {},
    )


def changed(target: str) -> Refusal:
    """Return the refusal of a change whose target is not what the caller last read."""
    return lambda _: FileChanged(f"{target} changed in the meantime; look again before you repeat this.")


def touch(
    transaction: TransactWrite,
    project: str,
    serial: int,
    *,
    sets: Sequence[Action],
    grown: Sequence[Action],
    upload: Upload,
    expected: int | None,
) -> None:
    """Add the three updates that make a change visible."""
    index = options().index
    row = ProjectRow.serial < serial
    if expected is not None:
        row &= ProjectRow.serial == expected
    new = ProjectRow.pk.does_not_exist()
    allowed: Condition = {Upload.NONE: row, Upload.ANY: new | (row & OPEN), Upload.FIRST: new}[upload]
    home = shard(index, project)
    # The order matters to `commit`: these are the last three actions of every transaction.
    transaction.update(
        ProjectRow(partition(index, project), "#"), [ProjectRow.serial.set(serial), *sets], condition=allowed
    )
    transaction.update(ListingRow(home, project), [ListingRow.serial.set(serial)])
    transaction.update(ShardRow(home, "#"), [ShardRow.version.set(secrets.token_hex(8)), *grown])


def growth(lists: Sequence[File], unlists: Sequence[File]) -> list[Action]:
    """Return what files that come and go add to the totals of their shard."""
    files = len(lists) - len(unlists)
    size = sum(file.size for file in lists) - sum(file.size for file in unlists)
    return [ShardRow.files.add(files), ShardRow.size.add(size)] if lists or unlists else []


def later_serial(project: str, tried: int, *, upload: Upload, expected: int | None) -> int:
    """Return a serial above the project's own, after ``tried`` was not: another clock ran ahead, or this one fell back.

    Raises:
        ProjectClosed: the serial was not what stood in the way.
        FileChanged: this was to begin the project, and somebody else did.
        NoSuchEntry: there is no such project.
        ProjectChanged: its serial is not the expected one.
    """
    found = read.project(project)
    if found is None:
        if upload is not Upload.NONE:
            return tried
        raise no_project(project)
    if expected not in {None, found.serial}:
        raise ProjectChanged.named(project)
    if upload is Upload.FIRST:
        raise FileChanged(f"The project {project} was begun by somebody else in the meantime; try again.")
    if upload is Upload.ANY and not found.status.accepts_uploads:
        raise closed(project, found.status.value, found.status_reason)
    return max(time.time_ns() // 1000, found.serial + 1)


def no_project(project: str) -> NoSuchEntry:
    """Return the refusal of a change of a project that does not exist."""
    return NoSuchEntry(f"There is no project named {project}.")


def closed(project: str, status: str, reason: str) -> ProjectClosed:
    """Return the refusal of an upload to a project of this status."""
    because = f": {reason}" if reason else ""
    return ProjectClosed(f"The project {project} is {status} and takes no uploads{because}.")


def waits() -> Iterator[None]:
    """Yield attempts, with growing, jittered pauses between them, until patience ends."""
    ends = time.monotonic() + min(PATIENCE, patience.left())
    pause = 0.005
    while True:
        yield
        if time.monotonic() > ends:
            return
        time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads writers out, keeps no secret
        pause = min(pause * 2, 1.0)
