"""Changes sessions and their files; every change is conditional on what it changes from."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from packaging.utils import canonicalize_version
from pynamodb.exceptions import DeleteError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from packages_app.catalogue.errors import Busy
from packages_app.catalogue.read import microseconds
from packages_app.conf import options
from packages_app.tables.base import TableModel, connection
from packages_app.tables.outcomes import failed_conditions, is_conflict, reported
from packages_app.uploads.candidate import Digests
from packages_app.uploads.check import Checked
from packages_app.uploads.sessions.entries import (
    LONGEST_LIFE,
    RETENTION,
    FileStatus,
    Session,
    SessionFile,
    Status,
)
from packages_app.uploads.sessions.models import (
    ReservationRow,
    SessionFileRow,
    SessionRow,
    file_key,
    partition,
    releases,
)
from packages_app.uploads.sessions.read import lapsed

CONDITION_FAILED = "ConditionalCheckFailedException"
TAKEN_UP = "Somebody else changes this session at the same time; try again in a moment."


def create(session: Session, *, actor: str, instead_of: str = "") -> bool:
    """Begin a session and reserve its release; False when another session has it.

    ``instead_of`` is the id of a session that had the release and has ended.
    """
    free = ReservationRow.pk.does_not_exist() | (ReservationRow.expires < datetime.now(UTC))
    if instead_of:
        free |= ReservationRow.session == instead_of
    row = SessionRow(
        partition(session.id),
        "#",
        index=options().index,
        name=session.name,
        project=session.project,
        version=session.version,
        status=session.status.value,
        stage=session.stage,
        actor=actor or None,
        created_at=microseconds(session.created),
        expires=session.expires,
    )
    reservation = reservation_of(session)
    reservation.session = session.id
    reservation.expires = session.expires
    try:
        with reported(), TransactWrite(connection=connection()) as transaction:
            transaction.save(row, SessionRow.pk.does_not_exist())
            transaction.save(reservation, free)
    except TransactWriteError as error:
        if any(failed_conditions(error)) or is_conflict(error):
            return False
        raise
    return True


def holder(session: Session) -> str:
    """Return the id of the session that has the release of this one; empty when none has."""
    with reported():
        try:
            row = ReservationRow.get(*key_of(session), consistent_read=True)
        except ReservationRow.DoesNotExist:
            return ""
    return row.session


def extend(session: Session, expires: datetime) -> bool:
    """Let an open session live longer, together with its reservation; False when it is not open any more."""
    try:
        with reported(), TransactWrite(connection=connection()) as transaction:
            transaction.update(row_of(session.id), [SessionRow.expires.set(expires)], condition=alive())
            transaction.update(
                reservation_of(session),
                [ReservationRow.expires.set(expires)],
                condition=ReservationRow.session == session.id,
            )
    except TransactWriteError as error:
        if any(failed_conditions(error)):
            return False
        if is_conflict(error):
            raise Busy(TAKEN_UP) from error
        raise
    return True


def claim(session: Session) -> bool:
    """Begin to publish a session; False when somebody else does, or it is not open any more."""
    now = datetime.now(UTC)
    stuck = (SessionRow.status == Status.PROCESSING.value) & (SessionRow.working_since < lapsed())
    actions = [
        SessionRow.status.set(Status.PROCESSING.value),
        SessionRow.working_since.set(microseconds(now)),
        SessionRow.expires.set(max(session.expires, now + timedelta(hours=1))),
    ]
    return updated(row_of(session.id), actions, alive() | stuck)


def reopen(session: Session) -> bool:
    """Let a session take changes again, after publishing it was refused."""
    return updated(
        row_of(session.id),
        [SessionRow.status.set(Status.OPEN.value), SessionRow.working_since.remove()],
        SessionRow.status == Status.PROCESSING.value,
    )


def end(session: Session, status: Status) -> bool:
    """Close a session for good, and let go of the release; False when its state does not allow that."""
    expected = SessionRow.status == Status.PROCESSING.value
    if status is Status.CANCELED:
        expected = alive() | (expected & (SessionRow.working_since < lapsed()))
    actions = [SessionRow.status.set(status.value), SessionRow.expires.set(datetime.now(UTC) + RETENTION)]
    if not updated(row_of(session.id), actions, expected):
        return False
    with reported():
        try:
            reservation_of(session).delete(condition=ReservationRow.session == session.id)
        except DeleteError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise
    return True


def begin_file(file: SessionFile) -> tuple[bool, bool]:
    """Put a file into an open session; returns whether the session was open, and whether the name was free in it."""
    row = SessionFileRow(
        partition(file.session),
        file_key(file.filename),
        size=file.size,
        hashes=json.dumps(dict(file.hashes), sort_keys=True),
        mechanism=file.mechanism.value,
        status=file.status.value,
        # No session outlives this, so that no file goes before its session, whatever extends it.
        expires=datetime.now(UTC) + LONGEST_LIFE + 2 * RETENTION,
    )
    free = SessionFileRow.pk.does_not_exist() | SessionFileRow.status.is_in(
        FileStatus.CANCELED.value, FileStatus.ERROR.value
    )
    try:
        with reported(), TransactWrite(connection=connection()) as transaction:
            transaction.condition_check(SessionRow, partition(file.session), "#", alive())
            transaction.save(row, free)
    except TransactWriteError as error:
        if is_conflict(error):
            raise Busy(TAKEN_UP) from error
        failures = failed_conditions(error)
        if not any(failures):
            raise
        return not failures[0], not failures[1]
    return True, True


def note_received(file: SessionFile, digests: Digests) -> bool:
    """Keep what was computed of the bytes as they came in; False when the file does not wait for them any more."""
    return updated(
        file_row(file),
        [SessionFileRow.received.set(json.dumps(asdict(digests)))],
        SessionFileRow.status == FileStatus.PENDING.value,
    )


def note_attested(file: SessionFile) -> bool:
    """Keep that attestations came; False when the file does not wait for them any more."""
    return updated(
        file_row(file), [SessionFileRow.attested.set(True)], SessionFileRow.status == FileStatus.PENDING.value
    )


def claim_file(file: SessionFile) -> bool:
    """Begin to check a file of an open session; False when somebody else does, or it does not wait for that."""
    waiting = SessionFileRow.status == FileStatus.PENDING.value
    stuck = (SessionFileRow.status == FileStatus.PROCESSING.value) & (SessionFileRow.working_since < lapsed())
    actions = [
        SessionFileRow.status.set(FileStatus.PROCESSING.value),
        SessionFileRow.working_since.set(microseconds(datetime.now(UTC))),
    ]
    return changed_within(file, actions, waiting | stuck)


def release_file(file: SessionFile) -> bool:
    """Let a file wait again, after its check could not be carried out."""
    return updated(
        file_row(file),
        [SessionFileRow.status.set(FileStatus.PENDING.value), SessionFileRow.working_since.remove()],
        SessionFileRow.status == FileStatus.PROCESSING.value,
    )


def complete_file(file: SessionFile, checked: Checked) -> bool:
    """Keep what a file's check found; False when the file is not being checked any more."""
    kept = asdict(checked.file)
    del kept["upload_time"]  # the moment when the session is published
    actions = [
        SessionFileRow.status.set(FileStatus.COMPLETED.value),
        SessionFileRow.checked.set(json.dumps(kept, sort_keys=True)),
        SessionFileRow.display_name.set(checked.display_name),
    ]
    return updated(file_row(file), actions, SessionFileRow.status == FileStatus.PROCESSING.value)


def refuse_file(file: SessionFile, sentence: str) -> bool:
    """Keep why a file's check refused it."""
    actions = [SessionFileRow.status.set(FileStatus.ERROR.value), SessionFileRow.notice.set(sentence)]
    return updated(file_row(file), actions, SessionFileRow.status == FileStatus.PROCESSING.value)


def cancel_file(file: SessionFile) -> bool:
    """Take a file out of an open session; False when it is being checked, or the session is not open any more."""
    stuck = (SessionFileRow.status == FileStatus.PROCESSING.value) & (SessionFileRow.working_since < lapsed())
    at_rest = SessionFileRow.pk.exists() & (SessionFileRow.status != FileStatus.PROCESSING.value)
    return changed_within(file, [SessionFileRow.status.set(FileStatus.CANCELED.value)], at_rest | stuck)


def changed_within(file: SessionFile, actions: Sequence[Action], condition: Condition) -> bool:
    """Change a file, provided its session is open; False when that, or the condition, does not hold."""
    try:
        with reported(), TransactWrite(connection=connection()) as transaction:
            transaction.condition_check(SessionRow, partition(file.session), "#", alive())
            transaction.update(file_row(file), list(actions), condition=condition)
    except TransactWriteError as error:
        if any(failed_conditions(error)):
            return False
        if is_conflict(error):
            raise Busy(TAKEN_UP) from error
        raise
    return True


def updated(row: TableModel, actions: Sequence[Action], condition: Condition) -> bool:
    """Change one item; False when the condition does not hold."""
    with reported():
        try:
            row.update(list(actions), condition=condition)
        except UpdateError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise
            return False
    return True


def alive() -> Condition:
    """Return the condition that a session is open and has not expired."""
    condition: Condition = (SessionRow.status == Status.OPEN.value) & (SessionRow.expires > datetime.now(UTC))
    return condition


def row_of(session: str) -> SessionRow:
    """Return a session's key as an item."""
    return SessionRow(partition(session), "#")


def file_row(file: SessionFile) -> SessionFileRow:
    """Return a file's key as an item."""
    return SessionFileRow(partition(file.session), file_key(file.filename))


def reservation_of(session: Session) -> ReservationRow:
    """Return the key of the reservation of a session's release as an item."""
    return ReservationRow(*key_of(session))


def key_of(session: Session) -> tuple[str, str]:
    """Return the key of the reservation; PEP 440: ``1.0`` and ``1.0.0`` are one version."""
    return releases(options().index, session.project), canonicalize_version(session.version)
