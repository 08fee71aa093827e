"""Completes a file of a session: the same checks as for every upload, on the bytes that lie in the staging place."""

from pathlib import Path

from packages_app.accounts.entries import Principal
from packages_app.catalogue import read as catalogue
from packages_app.conf import options
from packages_app.errors import PackagesError, Unavailable
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.entries import Blob
from packages_app.file_store.errors import BlobMissing
from packages_app.file_store.ranged import Told
from packages_app.metadata.attestations import LONGEST as LONGEST_ATTESTATIONS
from packages_app.uploads.at_hand import at_hand, is_quick
from packages_app.uploads.candidate import Candidate, Claims
from packages_app.uploads.check import Checked, admit, check_overwriting, examine
from packages_app.uploads.sessions import markers, parts, read, staging, upload, write_files
from packages_app.uploads.sessions.beat import Beat
from packages_app.uploads.sessions.entries import (
    MOST_ATTEMPTS,
    SILENCE,
    FileStatus,
    Mechanism,
    Session,
    SessionFile,
    Status,
)
from packages_app.uploads.sessions.errors import NeverEnds, NoSuchSession, NotReceived, SessionBusy, SessionClosed

SOURCE = "session"


LONG = 256 * 1024**2
"""Bytes that are not read through within a request, where that must be answered soon."""


def complete(id_: str, filename: str, who: Principal) -> SessionFile:
    """Check a file whose bytes were sent, and return it completed, or in process where that takes long; again is fine.

    Raises:
        NotReceived: its bytes were not sent yet.
        PackagesError: every reason for which an upload is refused; the file is in error then.
        Unavailable: the check could not be carried out; the file waits as before.
    """
    session = read.open_session(id_, who)
    file = read.file(id_, filename)
    if file.status is FileStatus.COMPLETED or (file.status is FileStatus.PROCESSING and options().background):
        return file
    if file.status is not FileStatus.PROCESSING:
        upload.check_pending(file)
        if options().background and is_long(file):
            markers.put(id_, filename, who)  # before the row says so: a marker stands for all that is left to do
            write_files.queue_file(file)
            return read.file(id_, filename)
    claimed = write_files.claim_file(file)
    if claimed is None:
        read.open_session(id_, who)
        raise SessionBusy(f"{filename} is being checked this moment; look again shortly.")
    try:
        keep(claimed, checked(session, claimed, who))
    except (NotReceived, Unavailable):
        write_files.release_file(claimed)
        raise
    except PackagesError as error:
        write_files.refuse_file(claimed, str(error))
        raise
    return read.file(id_, filename)


def finish(id_: str, filename: str, who: Principal) -> bool | None:
    """Check a file after its request was answered; False when there is nothing to do, None when somebody else does it.

    Raises:
        Unavailable: the check could not be carried out now; the file waits for the next who does.
    """
    session = read.find(id_)
    if session is None or session.status in (Status.PUBLISHED, Status.CANCELED):
        return False
    try:
        file = read.file(id_, filename)
    except NoSuchSession:
        return False
    if file.status not in (FileStatus.PENDING, FileStatus.PROCESSING):
        return False
    claimed = write_files.claim_file(file, SILENCE)
    if claimed is None:
        return None
    beat = Beat(lambda done: write_files.hold_file(claimed, SILENCE, progress=done))
    is_ended = True
    try:
        if file.attempts >= MOST_ATTEMPTS:
            raise NeverEnds(
                f"The check of {filename} was begun {file.attempts} times and never ended: it is too large."
            )
        keep(claimed, checked(session, claimed, who, beat))
    except NotReceived:
        is_ended = write_files.release_file(claimed)
    except Unavailable:
        write_files.let_go_file(claimed)
        raise
    except PackagesError as error:
        is_ended = write_files.refuse_file(claimed, str(error))
    return is_ended or None  # without the claim, the end is somebody else's


def is_long(file: SessionFile) -> bool:
    """Return whether checking a file takes longer than a gateway waits.

    Raises:
        NotReceived: its bytes, or parts of them, were not sent yet.
    """
    if file.size <= LONG:
        return False
    if file.mechanism is Mechanism.PARTS:
        parts.ready(file)
        return True
    return not (file.filename.endswith(".whl") and is_quick(received(file), file.hashes))


def received(file: SessionFile) -> Blob:
    """Return the record of a file's bytes.

    Raises:
        NotReceived: there are none.
    """
    try:
        return store.stat(staging.key(file))
    except BlobMissing:
        raise NotReceived(f"The bytes of {file.filename} were not sent yet.") from None


def checked(session: Session, file: SessionFile, who: Principal, beat: Told | None = None) -> Checked:
    """Return what the checks found.

    Raises:
        NotReceived: there are no bytes.
        PackagesError: every reason for which an upload is refused.
    """
    if file.mechanism is Mechanism.PARTS:
        parts.join(file)
    size = received(file).size
    if size != file.size:
        raise upload.wrong_size(file, size)
    with at_hand(staging.key(file), file.received, file.hashes, beat) as (path, digests):
        candidate = Candidate(
            filename=file.filename,
            path=path,
            whole=isinstance(path, Path),
            size=size,
            digests=digests,
            principal=who,
            source=SOURCE,
            claims=Claims(
                name=session.project, version=session.version, digests=file.hashes, attestations=attestations(file)
            ),
        )
        claimed = admit(candidate)
        listed = catalogue.file(session.project, file.filename)
        if listed is not None and listed.sha256 != file.sha256:
            check_overwriting(listed)
        return examine(candidate, claimed)


def attestations(file: SessionFile) -> str:
    """Return the attestations that were sent of a file; empty when there are none."""
    if not file.attested:
        return ""
    return store.read(staging.attestations_key(file), LONGEST_ATTESTATIONS).decode()


def keep(file: SessionFile, found: Checked) -> None:
    """Keep what lies beside the file, and then that it is complete.

    Raises:
        SessionClosed: somebody else took the check up meanwhile.
    """
    store_write.put_bytes(staging.document_key(file), found.document)
    if not write_files.complete_file(file, found):
        raise SessionClosed(f"{file.filename} changed in the meantime; look at it again.")
