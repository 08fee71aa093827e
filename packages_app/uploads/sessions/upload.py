"""Takes a file into a session: first what it will be, then its bytes and attestations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.catalogue import read as catalogue
from packages_app.conf import options
from packages_app.file_store import spool
from packages_app.file_store import write as store
from packages_app.file_store.errors import reported
from packages_app.file_store.temporary import Temporary
from packages_app.metadata import attestations
from packages_app.uploads.candidate import hashed
from packages_app.uploads.check import check_announced, check_overwriting, check_spelling, too_large
from packages_app.uploads.errors import Disagreement, FileExists, TooLarge
from packages_app.uploads.sessions import cut, read, staging, write_files
from packages_app.uploads.sessions.entries import MOST_FILES, FileStatus, Mechanism, NewFile, Session, SessionFile
from packages_app.uploads.sessions.errors import (
    FileInSession,
    SessionBusy,
    SessionClosed,
    TooManyFiles,
    UnknownMechanism,
    WrongSize,
)

CHUNK = 256 * 1024
LONGEST_PUT = 5 * 1024**3
"""Bytes that S3 takes by one PUT; the same here, so that what works in one home works in the other."""
Body = Callable[[int], bytes]
"""Reads at most so many bytes of a request; nothing at its end."""


def begin(id_: str, wanted: NewFile, who: Principal) -> SessionFile:
    """Put a file into a session, whose bytes are sent next.

    Raises:
        NoSuchSession: there is none, or it has expired.
        SessionBusy: it is being published this moment.
        SessionClosed: it was published or canceled.
        BadFilename: no wheel or sdist has this name.
        Disagreement: the name is of another project or version.
        TooLarge: the file is larger than this index takes.
        UnknownMechanism: there is no such way to send bytes.
        FileExists: a file of this name is published.
        DistributionExists: the distribution is published under another spelling of its name.
        FileInSession: a file of this name, or the same distribution under another, is in the session.
        TooManyFiles: the session has as many as it takes.
    """
    session = read.open_session(id_, who)
    check_name(session, wanted.filename)
    if wanted.size > options().max_upload_bytes:
        raise too_large()
    file = SessionFile(
        session=session.id,
        filename=wanted.filename,
        size=wanted.size,
        hashes=wanted.hashes,
        mechanism=mechanism(wanted.mechanism),
        status=FileStatus.PENDING,
    )
    if file.mechanism is Mechanism.PUT and file.size > LONGEST_PUT:
        raise TooLarge(
            f"One PUT carries at most {LONGEST_PUT // 1024**3} GB; send the file by {Mechanism.PARTS.value}."
        )
    if file.mechanism is Mechanism.PARTS:
        file = replace(file, part_size=cut.part_size(file.size))
    check_published(session, file)
    check_spelling(session.project, file.filename, file.hashes.get("sha256"))
    known = read.files(session.id)
    check_twins(session.project, [*known, file])
    check_number(known, file)
    was_open, was_free = write_files.begin_file(file)
    if not was_open:
        read.open_session(id_, who)
        raise SessionClosed("This session changed in the meantime; look at it again.")
    if not was_free:
        raise FileInSession(f"{file.filename} is in this session already: go on with it, or cancel it first.")
    return file


def check_name(session: Session, filename: str) -> None:
    """Refuse a file that is not of the session's release."""
    for reading in names.readings(filename):
        if reading.project == session.project and names.same_version(str(reading.version), session.version):
            return
    raise Disagreement(f"{filename} is no file of {session.project} {session.version}, which this session is for.")


def mechanism(identifier: str) -> Mechanism:
    """Return the mechanism with this identifier."""
    try:
        return Mechanism(identifier)
    except ValueError:
        known = " and ".join(each.value for each in Mechanism)
        raise UnknownMechanism(f"There is no upload mechanism {identifier[:80]!a}; this index has {known}.") from None


def check_published(session: Session, file: SessionFile) -> None:
    """Refuse a name that is published, unless overwriting is on and the bytes are others."""
    listed = catalogue.file(session.project, file.filename)
    if listed is None:
        return
    if listed.sha256 == file.sha256:
        raise FileExists(
            f"File already exists: {file.filename} is published with the same bytes; leave it out, "
            "as upload.py does with --skip-existing."
        )
    check_overwriting(listed)


def check_twins(project: str, files: Sequence[SessionFile]) -> None:
    """Refuse a session that would hold one distribution under two spellings of its name."""
    seen: dict[str, str] = {}
    for file in files:
        if file.status in (FileStatus.CANCELED, FileStatus.ERROR):
            continue
        readings = names.readings(file.filename)
        identity = next((each for each in readings if each.project == project), readings[0]).identity
        other = seen.setdefault(identity, file.filename)
        if other != file.filename:
            raise FileInSession(
                f"{file.filename} and {other} are the same distribution under two spellings of its name: cancel one."
            )


def check_number(known: Sequence[SessionFile], file: SessionFile) -> None:
    """Refuse one more name in a session that has as many as it takes; who all ask at once may get a few more in."""
    if len(known) >= MOST_FILES and all(each.filename != file.filename for each in known):
        raise TooManyFiles(
            f"This session has {MOST_FILES} files, and takes no more: publish it, and send the others of the release "
            "by another session."
        )


def pending(file: SessionFile, by: Mechanism) -> SessionFile:
    """Return the file if it waits for bytes that come in this way.

    Raises:
        UnknownMechanism: its bytes come in another way.
        SessionBusy: it is being checked this moment.
        SessionClosed: it is completed, refused or canceled.
    """
    if file.mechanism is not by:
        raise UnknownMechanism(f"{file.filename} is to be sent by {file.mechanism.value}.")
    check_pending(file)
    return file


def check_pending(file: SessionFile) -> None:
    """Return if a file waits for what is sent of it.

    Raises:
        SessionBusy: it is being checked this moment.
        SessionClosed: it is completed, refused or canceled.
    """
    if file.status is FileStatus.PROCESSING:
        raise SessionBusy(f"{file.filename} is being checked this moment; look again shortly.")
    if file.status is not FileStatus.PENDING:
        raise SessionClosed(f"{file.filename} is {file.status.value}: cancel it and begin it anew to send it again.")


def receive(file: SessionFile, body: Body, length: int) -> None:
    """Write a file's bytes to the staging place, with flat memory; they can be sent again until it is completed.

    Raises:
        WrongSize: there are more or fewer bytes than were announced.
        BadDigest: they are others than were announced.
        SessionClosed: the file does not wait for bytes any more.
    """
    if length != file.size:
        raise wrong_size(file, length)
    with spool.spooled() as kept:
        hasher = hashed(pieces(body, file.size, kept))
        if hasher.size != file.size:
            raise wrong_size(file, hasher.size)
        digests = hasher.digests()
        check_announced(file.hashes, digests)
        store.put_file(staging.key(file), kept.path)
    if not write_files.note_received(file, digests):
        raise SessionClosed(f"{file.filename} changed in the meantime; look at it again.")


def pieces(body: Body, size: int, kept: Temporary) -> Iterator[bytes]:
    """Yield a body piece by piece as it is written down; one that is longer than ``size`` is given up soon after."""
    left = size + 1
    while left and (chunk := body(min(CHUNK, left))):
        left -= len(chunk)
        with reported():
            kept.file.write(chunk)
        yield chunk
    with reported():
        kept.file.flush()


def wrong_size(file: SessionFile, length: int) -> WrongSize:
    """Return the refusal of bytes that are too many or too few."""
    return WrongSize(f"{file.filename} was announced with {file.size} bytes, but {length} were sent.")


def attest(file: SessionFile, document: str) -> None:
    """Keep the attestations of a file that is not completed yet.

    Raises:
        BadAttestations: they are malformed, or of another file.
        SessionClosed: the file is completed, refused or canceled.
    """
    check_pending(file)
    signed = attestations.check(document, filename=file.filename, sha256=file.sha256)
    store.put_bytes(staging.attestations_key(file), signed)
    if not write_files.note_attested(file):
        raise SessionClosed(f"{file.filename} changed in the meantime; look at it again.")
