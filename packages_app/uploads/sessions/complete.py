"""Completes a file of a session: the same checks as for every upload, on the bytes that lie in the staging place."""

from pathlib import Path

from packages_app.accounts.entries import Principal
from packages_app.catalogue import read as catalogue
from packages_app.errors import PackagesError, Unavailable
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import BlobMissing
from packages_app.metadata.attestations import LONGEST as LONGEST_ATTESTATIONS
from packages_app.uploads.at_hand import at_hand
from packages_app.uploads.candidate import Candidate, Claims
from packages_app.uploads.check import Checked, admit, check_overwriting, examine
from packages_app.uploads.sessions import parts, read, staging, upload, write_files
from packages_app.uploads.sessions.entries import FileStatus, Mechanism, Session, SessionFile
from packages_app.uploads.sessions.errors import NotReceived, SessionBusy, SessionClosed

SOURCE = "session"


def complete(id_: str, filename: str, who: Principal) -> SessionFile:
    """Check a file whose bytes were sent, and return it completed; again is fine.

    Raises:
        NotReceived: its bytes were not sent yet.
        PackagesError: every reason for which an upload is refused; the file is in error then.
        Unavailable: the check could not be carried out; the file waits as before.
    """
    session = read.open_session(id_, who)
    file = read.file(id_, filename)
    if file.status is FileStatus.COMPLETED:
        return file
    if file.status is not FileStatus.PROCESSING:
        upload.check_pending(file)
    if not write_files.claim_file(file):
        read.open_session(id_, who)
        raise SessionBusy(f"{filename} is being checked this moment; look again shortly.")
    try:
        keep(file, checked(session, file, who))
    except (NotReceived, Unavailable):
        write_files.release_file(file)
        raise
    except PackagesError as error:
        write_files.refuse_file(file, str(error))
        raise
    return read.file(id_, filename)


def checked(session: Session, file: SessionFile, who: Principal) -> Checked:
    """Return what the checks found.

    Raises:
        NotReceived: there are no bytes.
        PackagesError: every reason for which an upload is refused.
    """
    if file.mechanism is Mechanism.PARTS:
        parts.join(file)
    try:
        size = store.stat(staging.key(file)).size
    except BlobMissing:
        raise NotReceived(f"The bytes of {file.filename} were not sent yet.") from None
    if size != file.size:
        raise upload.wrong_size(file, size)
    with at_hand(staging.key(file), file.received, file.hashes) as (path, digests):
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
