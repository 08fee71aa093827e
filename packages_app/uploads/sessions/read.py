"""Reads sessions and their files; what has expired is not there, even while its items still are."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue.entries import File
from packages_app.catalogue.read import microseconds, moment
from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.tables.outcomes import reported
from packages_app.uploads.candidate import Digests
from packages_app.uploads.sessions.entries import FileStatus, Mechanism, Session, SessionFile, Status
from packages_app.uploads.sessions.errors import NoSuchSession, SessionBusy, SessionClosed
from packages_app.uploads.sessions.models import SessionFileRow, SessionRow, all_of, file_key, partition

GONE = "There is no such upload session, or its time is over; begin a new one."
NO_FILE = "This upload session has no file of that name."


def find(session: str) -> Session | None:
    """Return a session that has not expired, by one read; what is no id of one is not asked for."""
    if keys.SESSION.match(session) is None:
        return None
    with reported():
        try:
            row = SessionRow.get(partition(session), "#", consistent_read=True)
        except SessionRow.DoesNotExist:
            return None
    # DynamoDB removes expired items some time later, and returns them until then.
    if row.expires <= datetime.now(UTC) or row.index != options().index:
        return None
    return as_session(row)


def session(id_: str, who: Principal) -> Session:
    """Return a session that the caller may see and change.

    Raises:
        NoSuchSession: there is none, or it has expired.
        NotSignedIn: this needs somebody to be signed in.
        Forbidden: the caller may not upload to the project.
    """
    # PEP 694: what counts is who sends this request, not who began the session.
    demand(who, Action.UPLOAD)
    found = find(id_)
    if found is None:
        raise NoSuchSession(GONE)
    demand(who, Action.UPLOAD, found.project)
    return found


def open_session(id_: str, who: Principal) -> Session:
    """Return a session that takes changes.

    Raises:
        NoSuchSession: there is none, or it has expired.
        NotSignedIn: this needs somebody to be signed in.
        SessionBusy: it is being published this moment.
        SessionClosed: it was published or canceled.
    """
    found = session(id_, who)
    check_open(found)
    return found


def newest(before: str = "", limit: int = 100) -> Iterator[tuple[str, Session]]:
    """Yield sessions that have not expired, the newest first, each with the cursor to go on behind it.

    One that was begun this moment may be missing. ``limit`` is how many the table is asked for at a time.
    """
    older = SessionRow.lookup_sk < before if before else None
    now = datetime.now(UTC)
    with reported():
        for row in SessionRow.lookup.query(all_of(options().index), older, scan_index_forward=False, page_size=limit):
            if row.expires > now:
                yield str(row.lookup_sk), as_session(cast("SessionRow", row))


def check_open(found: Session) -> None:
    """Return if a session takes changes.

    Raises:
        SessionBusy: it is being published this moment.
        SessionClosed: it was published or canceled.
    """
    if found.status is Status.PROCESSING:
        raise SessionBusy("This session is being published this moment; look again shortly.")
    if found.status is not Status.OPEN:
        raise SessionClosed(f"This session is {found.status.value} and takes no changes; begin a new one.")


def file(id_: str, filename: str) -> SessionFile:
    """Return one file of a session.

    Raises:
        NoSuchSession: it has no such file.
    """
    if not keys.is_filename(filename):
        raise NoSuchSession(NO_FILE)
    with reported():
        try:
            row = SessionFileRow.get(partition(id_), file_key(filename), consistent_read=True)
        except SessionFileRow.DoesNotExist:
            raise NoSuchSession(NO_FILE) from None
    return as_file(row)


def files(id_: str) -> tuple[SessionFile, ...]:
    """Return every file of a session, in the order of their names."""
    with reported():
        rows = SessionFileRow.query(partition(id_), SessionFileRow.sk.startswith("F#"), consistent_read=True)
        return tuple(as_file(row) for row in rows)


def as_session(row: SessionRow) -> Session:
    """Return the row as other modules see it."""
    return Session(
        id=row.pk.removeprefix("S#"),
        name=row.name,
        project=row.project,
        version=row.version,
        status=Status(row.status),
        stage=row.stage,
        created=moment(int(row.created_at)),
        expires=row.expires,
        actor=row.actor or "",
        held_until=moment(int(row.held_until or 0)),
        attempts=int(row.attempts or 0),
        progress=int(row.progress or 0),
        notice=row.notice or "",
    )


def as_file(row: SessionFileRow) -> SessionFile:
    """Return the row as other modules see it."""
    return SessionFile(
        session=row.pk.removeprefix("S#"),
        filename=row.sk.removeprefix("F#"),
        size=int(row.size),
        hashes=json.loads(row.hashes),
        mechanism=Mechanism(row.mechanism),
        status=FileStatus(row.status),
        notice=row.notice or "",
        received=Digests(**json.loads(row.received)) if row.received else None,
        part_size=int(row.part_size or 0),
        upload=row.upload or "",
        held_until=moment(int(row.held_until or 0)),
        attempts=int(row.attempts or 0),
        progress=int(row.progress or 0),
        attested=bool(row.attested),
        checked=listed(json.loads(row.checked)) if row.checked else None,
        display_name=row.display_name or "",
    )


def listed(kept: dict[str, Any]) -> File:
    """Return a completed file as it will be listed; it is published when its session is."""
    return File(**kept, upload_time=datetime.now(UTC))


def lapsed() -> int:
    """Return the time until which work was held that others may take up now, in microseconds since the epoch."""
    return microseconds(datetime.now(UTC))
