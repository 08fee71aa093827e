"""Changes sessions and the reservations of their releases; every change is conditional on what it changes from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from packaging.utils import canonicalize_version
from pynamodb.exceptions import DeleteError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from packages_app.catalogue.errors import Busy
from packages_app.catalogue.read import microseconds
from packages_app.conf import options
from packages_app.tables.base import connection
from packages_app.tables.conditional import REFUSED, updated
from packages_app.tables.outcomes import failed_conditions, is_conflict, reported
from packages_app.uploads.sessions.entries import (
    LEASE,
    RETENTION,
    Session,
    Status,
)
from packages_app.uploads.sessions.models import (
    ReservationRow,
    SessionRow,
    all_of,
    partition,
    releases,
)
from packages_app.uploads.sessions.read import lapsed

TAKEN_UP = "Somebody else changes this session at the same time; try again in a moment."


def create(session: Session, *, instead_of: str = "") -> bool:
    """Begin a session and reserve its release; False when another session has it.

    ``instead_of`` is the id of a session that had the release and has ended.
    """
    free = ReservationRow.pk.does_not_exist() | (ReservationRow.expires < datetime.now(UTC))
    if instead_of:
        free |= ReservationRow.session == instead_of
    row = SessionRow(
        partition(session.id),
        "#",
        lookup_pk=all_of(options().index),
        lookup_sk=f"{microseconds(session.created):017d}#{session.id}",
        index=options().index,
        name=session.name,
        project=session.project,
        version=session.version,
        status=session.status.value,
        stage=session.stage,
        actor=session.actor or None,
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


def holder(project: str, version: str) -> str:
    """Return the id of the session that has a release; empty when none has."""
    with reported():
        try:
            row = ReservationRow.get(*key_of(project, version), consistent_read=True)
        except ReservationRow.DoesNotExist:
            return ""
    return row.session


def extend(session: Session, expires: datetime) -> bool:
    """Let an open session live longer, together with its reservation; False when it is not open any more."""

    def both(transaction: TransactWrite) -> None:
        transaction.update(row_of(session.id), [SessionRow.expires.set(expires)], condition=alive())
        transaction.update(
            reservation_of(session),
            [ReservationRow.expires.set(expires)],
            condition=ReservationRow.session == session.id,
        )

    return not refused(both)


def refused(fill: Callable[[TransactWrite], None]) -> tuple[bool, ...]:
    """Write all that ``fill`` adds, or nothing of it: then return which conditions failed, one for each part of it.

    Raises:
        Busy: somebody else writes the same items this moment.
    """
    try:
        with reported(), TransactWrite(connection=connection()) as transaction:
            fill(transaction)
    except TransactWriteError as error:
        if is_conflict(error):
            raise Busy(TAKEN_UP) from error
        failures = failed_conditions(error)
        if not any(failures):
            raise
        return failures
    return ()


def claim(session: Session, hold: timedelta = LEASE) -> bool:
    """Begin to publish a session; False when somebody else does, or it is not open any more."""
    stuck = (SessionRow.status == Status.PROCESSING.value) & (SessionRow.held_until < lapsed())
    return updated(row_of(session.id), [*begun(session, hold), SessionRow.attempts.add(1)], alive() | stuck)


def queue(session: Session) -> bool:
    """Let a session wait for whoever publishes it after this answer; False when it is not open any more."""
    return updated(row_of(session.id), begun(session, timedelta(0)), alive())


def begun(session: Session, hold: timedelta) -> list[Action]:
    """Return what changes when publishing a session begins, which its end must not come in between."""
    now = datetime.now(UTC)
    return [
        SessionRow.status.set(Status.PROCESSING.value),
        SessionRow.held_until.set(microseconds(now + hold)),
        SessionRow.expires.set(max(session.expires, now + timedelta(hours=1))),
        SessionRow.progress.remove(),
        SessionRow.notice.remove(),
    ]


def hold(session: Session, until: timedelta, *, progress: int) -> bool:
    """Say until when, from now, a session is worked on, and how far that is; False when it is not any more."""
    actions = [
        SessionRow.held_until.set(microseconds(datetime.now(UTC) + until)),
        SessionRow.progress.set(progress),
    ]
    return updated(row_of(session.id), actions, SessionRow.status == Status.PROCESSING.value)


def let_go(session: Session) -> bool:
    """Let a session wait for the next who publishes it: this time could not count, as table or store did not answer."""
    actions = [
        SessionRow.held_until.set(microseconds(datetime.now(UTC))),
        SessionRow.attempts.set(session.attempts),
    ]
    return updated(row_of(session.id), actions, SessionRow.status == Status.PROCESSING.value)


def revive(session: Session) -> bool:
    """Say that work which lapsed is begun anew; False when somebody else said so, or works on it."""
    known = SessionRow.held_until == microseconds(session.held_until)
    actions = [SessionRow.held_until.set(microseconds(datetime.now(UTC)))]
    return updated(row_of(session.id), actions, (SessionRow.status == Status.PROCESSING.value) & known)


def reopen(session: Session, notice: str = "") -> bool:
    """Let a session take changes again, after publishing it was refused."""
    actions: list[Action] = [
        SessionRow.status.set(Status.OPEN.value),
        SessionRow.held_until.remove(),
        SessionRow.attempts.remove(),
    ]
    if notice:
        actions.append(SessionRow.notice.set(notice))
    return updated(row_of(session.id), actions, SessionRow.status == Status.PROCESSING.value)


def end(session: Session, status: Status) -> bool:
    """Close a session for good, and let go of the release; False when its state does not allow that."""
    expected = SessionRow.status == Status.PROCESSING.value
    if status is Status.CANCELED:
        expected = alive() | (expected & (SessionRow.held_until < lapsed()))
    actions = [SessionRow.status.set(status.value), SessionRow.expires.set(datetime.now(UTC) + RETENTION)]
    if not updated(row_of(session.id), actions, expected):
        return False
    with reported():
        try:
            reservation_of(session).delete(condition=ReservationRow.session == session.id)
        except DeleteError as error:
            if error.cause_response_code != REFUSED:
                raise
    return True


def alive() -> Condition:
    """Return the condition that a session is open and has not expired."""
    condition: Condition = (SessionRow.status == Status.OPEN.value) & (SessionRow.expires > datetime.now(UTC))
    return condition


def row_of(session: str) -> SessionRow:
    """Return a session's key as an item."""
    return SessionRow(partition(session), "#")


def reservation_of(session: Session) -> ReservationRow:
    """Return the key of the reservation of a session's release as an item."""
    return ReservationRow(*key_of(session.project, session.version))


def key_of(project: str, version: str) -> tuple[str, str]:
    """Return the key of a release's reservation; PEP 440: ``1.0`` and ``1.0.0`` are one version."""
    return releases(options().index, project), canonicalize_version(version)
