"""Publishes a session: all its files become visible together, or none does."""

from datetime import UTC, datetime, timedelta

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.accounts.tokens.accept import check_not_revoked
from packages_app.catalogue import collect
from packages_app.catalogue.entries import Retired
from packages_app.conf import options
from packages_app.errors import PackagesError, Unavailable
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.file_store.errors import BlobMissing
from packages_app.file_store.ranged import Told
from packages_app.uploads.at_hand import LARGE
from packages_app.uploads.check import check_project
from packages_app.uploads.publish import Safe, look, publish_release
from packages_app.uploads.sessions import markers, read, staging, upload, write
from packages_app.uploads.sessions.beat import Beat
from packages_app.uploads.sessions.complete import SOURCE
from packages_app.uploads.sessions.entries import MOST_ATTEMPTS, SILENCE, FileStatus, Session, SessionFile, Status
from packages_app.uploads.sessions.errors import EmptySession, IncompleteFiles, NeverEnds, SessionBusy

LONG = 1024**3
"""Bytes that are not copied within a request, where that must be answered soon."""
MANY = 40
"""Files that are not copied within one, however small they are."""
KEPT = timedelta(hours=1)
"""How old a large file in its place may be for its copy not to be repeated."""


def publish(id_: str, who: Principal) -> Session:
    """Publish a session whose files are all completed, and return it published, or in process; again is fine.

    It can be repeated after whatever went wrong: each step finds out what a request before it has done.

    Raises:
        NoSuchSession: there is none, or it has expired.
        SessionBusy: somebody else publishes it this moment.
        SessionClosed: it was canceled.
        EmptySession: it has no file.
        IncompleteFiles: some are not completed.
        FileInSession: two are the same distribution under two spellings of its name.
        DistributionExists: one is published under another spelling of its name.
        FileExists: other bytes were published under one of its names meanwhile; nothing is listed.
    """
    session = read.session(id_, who)
    if session.status is Status.PUBLISHED or (session.status is Status.PROCESSING and options().background):
        return session
    if session.status is not Status.PROCESSING:
        read.check_open(session)
        if options().background and is_long(files := read.files(id_)):
            ready(session, files)
            markers.put(id_, "", who)  # before the row says so: a marker stands for all that is left to do
            write.queue(session)
            return read.session(id_, who)
    if not write.claim(session):
        read.check_open(read.session(id_, who))
        raise SessionBusy("This session is being published this moment; look again shortly.")
    try:
        # From here on no file comes into the session or leaves it.
        list_together(session, read.files(id_), who)
    except BaseException:
        write.reopen(session)
        raise
    write.end(session, Status.PUBLISHED)
    staging.drop(session.id)
    return read.session(id_, who)


def finish(id_: str, who: Principal) -> bool | None:
    """Publish a session after its request was answered; False when nothing is to do, None when somebody else does it.

    Raises:
        Unavailable: catalogue or store cannot answer now; the session waits for the next who does.
    """
    session = read.find(id_)
    if session is None or session.status in (Status.PUBLISHED, Status.CANCELED):
        return False
    if not write.claim(session, SILENCE):
        return None
    beat = Beat(lambda done: write.hold(session, SILENCE, progress=done))
    try:
        if session.attempts >= MOST_ATTEMPTS:
            raise NeverEnds(f"Publishing was begun {session.attempts} times and never ended: the release is too large.")
        check_not_revoked(who)
        list_together(session, read.files(id_), who, beat)
    except Unavailable:
        write.let_go(session)
        raise
    except PackagesError as error:
        write.reopen(session, str(error))
        return True
    write.end(session, Status.PUBLISHED)
    staging.drop(session.id)
    return True


def is_long(files: tuple[SessionFile, ...]) -> bool:
    """Return whether copying files to their place takes longer than a gateway waits."""
    wanted = not_canceled(files)
    return sum(file.size for file in wanted) > LONG or len(wanted) > MANY


def not_canceled(files: tuple[SessionFile, ...]) -> list[SessionFile]:
    """Return the files that are to be published."""
    return [file for file in files if file.status is not FileStatus.CANCELED]


def ready(session: Session, files: tuple[SessionFile, ...]) -> list[SessionFile]:
    """Return the files of a session that can be published as far as anybody knows.

    Raises:
        PackagesError: every reason why they cannot.
    """
    wanted = not_canceled(files)
    check_complete(wanted)
    upload.check_twins(session.project, wanted)  # two may have been announced in the same moment
    check_project(session.project)
    look([Safe(file=file.checked, fence="") for file in wanted if file.checked is not None], {})
    return wanted


def list_together(session: Session, files: tuple[SessionFile, ...], who: Principal, beat: Beat | None = None) -> None:
    """Bring the bytes of all files into their place, and list them together."""
    wanted = ready(session, files)
    safe: list[Safe] = []
    try:
        for number, file in enumerate(wanted):
            safe.append(put(file, beat.at(number) if beat is not None else None))
        publish_release(safe, display_name=wanted[0].display_name, who=who, source=SOURCE)
    except PackagesError:
        for each in safe:
            take_back(each)
        raise


def check_complete(wanted: list[SessionFile]) -> None:
    """Refuse a session that is empty, or not ready.

    Raises:
        EmptySession: there is no file.
        IncompleteFiles: some are not completed.
    """
    if not wanted:
        # PEP 694 lets an empty session reserve a name; here a project exists from its first file on.
        raise EmptySession("This session has no file, and an empty one is not published: upload a file first.")
    left = [f"{file.filename} is {file.status.value}" for file in wanted if file.status is not FileStatus.COMPLETED]
    if left:
        raise IncompleteFiles(f"Not every file is completed: {'; '.join(left)}. Complete or cancel each of them.")


def put(file: SessionFile, told: Told | None = None) -> Safe:
    """Copy a completed file, and what lies beside it, to where it will be listed; the copy in the session stays."""
    if file.checked is None:
        raise IncompleteFiles(f"Not every file is completed: {file.filename} is not.")
    target = keys.blob(file.checked.sha256, file.filename)
    fence = collect.fence(file.checked)
    store.copy(staging.document_key(file), target + keys.document(file.filename))
    if file.checked.attestations_sha256:
        store.copy(staging.attestations_key(file), target + keys.ATTESTATIONS)
    if not is_there(target, file.size):
        store.copy(staging.key(file), target, told)
    return Safe(file=file.checked, fence=fence)


def is_there(target: str, size: int) -> bool:
    """Return whether a large file was copied a short while ago, by a run that died behind it."""
    if size < LARGE:
        return False
    try:
        blob = stored.stat(target)
    except BlobMissing:
        return False
    return blob.size == size and datetime.now(UTC) - blob.modified < KEPT


def take_back(safe: Safe) -> None:
    """Remove the bytes of a file that was not listed after all, or reconcile would list it; listed bytes stay."""
    file = safe.file
    readings = [
        Retired(
            project=reading.project,
            filename=file.filename,
            sha256=file.sha256,
            size=file.size,
            metadata_sha256="",
            metadata_size=0,
            retired_at=file.upload_time,
        )
        for reading in names.readings(file.filename)
    ]
    claim = collect.claim_unlisted(readings)
    if not claim:
        return
    target = keys.blob(file.sha256, file.filename)
    for key in (*keys.beside(file.sha256, file.filename), target):
        store.remove(key)
    for reading in readings:
        collect.finish(reading, claim)
