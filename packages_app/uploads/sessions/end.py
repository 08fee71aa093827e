"""Cancels a session or a file of it, and lets sessions live longer."""

from datetime import timedelta

from packages_app.accounts.entries import Principal
from packages_app.uploads.sessions import read, staging, write, write_files
from packages_app.uploads.sessions.entries import LONGEST_LIFE, FileStatus, Session, Status
from packages_app.uploads.sessions.errors import NoSuchSession, SessionBusy, SessionClosed


def cancel(id_: str, who: Principal) -> None:
    """End a session, drop everything that was sent to it, and let go of its release; again is fine.

    Raises:
        NoSuchSession: there is none, or it has expired.
        SessionBusy: it is being published this moment.
        SessionClosed: it was published.
    """
    session = read.session(id_, who)
    if session.status is not Status.CANCELED and not write.end(session, Status.CANCELED):
        read.check_open(read.session(id_, who))
        raise SessionClosed("This session changed in the meantime; look at it again.")
    staging.drop(session.id, read.files(id_))


def cancel_file(id_: str, filename: str, who: Principal) -> None:
    """Take a file out of a session, and drop what was sent of it; again is fine.

    Raises:
        NoSuchSession: there is none, it has expired, or has no such file.
        SessionBusy: the file is being checked, or the session published, this moment.
        SessionClosed: the session was published or canceled.
    """
    read.open_session(id_, who)
    file = read.file(id_, filename)
    if not write_files.cancel_file(file):
        read.open_session(id_, who)
        raise SessionBusy("This file is being checked this moment; look again shortly.")
    if file.status is not FileStatus.CANCELED:
        staging.drop_file(file)


def extend(id_: str, seconds: int, who: Principal) -> tuple[Session, str]:
    """Let a session live longer, and return it with a notice if it was not given all that it asked for.

    Raises:
        NoSuchSession: there is none, or it has expired.
        SessionBusy: it is being published this moment.
        SessionClosed: it was published or canceled.
    """
    session = read.open_session(id_, who)
    latest = session.created + LONGEST_LIFE
    wanted = session.expires + timedelta(seconds=min(seconds, int(LONGEST_LIFE.total_seconds())))
    if not write.extend(session, min(wanted, latest)):
        read.open_session(id_, who)
        raise NoSuchSession(read.GONE)
    notice = f"A session lives for at most {LONGEST_LIFE.days} days." if wanted > latest else ""
    return read.session(id_, who), notice
