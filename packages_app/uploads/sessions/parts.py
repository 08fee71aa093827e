"""Takes a file in parts: gives links for them, tells which are there, and joins them.

A part counts once the store has it with its own digest checked, so that what broke off goes on with what is missing.
The parts are joined when the file is completed, and only then is it known whether together they are what was announced.
"""

from collections.abc import Sequence

from packages_app.accounts.entries import Principal
from packages_app.file_store import parts as store_parts
from packages_app.file_store import read as store
from packages_app.file_store import spool
from packages_app.file_store import write as store_write
from packages_app.file_store.entries import Part
from packages_app.file_store.errors import BlobMissing
from packages_app.uploads.candidate import hashed
from packages_app.uploads.check import check_announced
from packages_app.uploads.sessions import cut, read, staging, upload, write_files
from packages_app.uploads.sessions.entries import FileStatus, Mechanism, NewPart, SessionFile
from packages_app.uploads.sessions.errors import BadDocument, NotReceived, SessionClosed, WrongSize

MOST_NAMED = 20
"""Missing parts that a refusal names."""


def wanted(id_: str, filename: str, asked: Sequence[NewPart], who: Principal) -> tuple[SessionFile, str]:
    """Return the file whose parts somebody asks links for, and the store's name for the upload they belong to.

    Raises:
        NoSuchSession: there is none, it has expired, or it has no such file.
        SessionBusy: the session is being published, or the file checked, this moment.
        SessionClosed: either takes no bytes any more.
        UnknownMechanism: the file is sent in another way.
        BadDocument: the file has no such part.
    """
    read.open_session(id_, who)
    file = upload.pending(read.file(id_, filename), Mechanism.PARTS)
    most = cut.count(file)
    sentence = f"{filename} has the parts 1 to {most}."
    errors = tuple((f"parts.{place}.number", sentence) for place, each in enumerate(asked) if each.number > most)
    if errors:
        raise BadDocument(sentence, errors=errors)
    return file, begun(file)


def begun(file: SessionFile) -> str:
    """Return the store's name for the file's upload, after beginning it where there is none (any more)."""
    key = staging.key(file)
    if file.upload and store_parts.is_begun(key, file.upload):
        return file.upload
    if not file.upload:
        store_write.remove(key)  # what an earlier attempt left must not pass for these parts
    name = store_parts.begin(key)
    if name != file.upload and not write_files.note_upload(file, name):
        first = read.file(file.session, file.filename)  # somebody else was quicker
        if first.upload != name:
            store_parts.drop(key, name)
        return upload.pending(first, Mechanism.PARTS).upload
    return name


def received(id_: str, filename: str, who: Principal) -> tuple[SessionFile, list[Part]]:
    """Return a file and the parts of it that are there; of a file that waits no longer, all of them.

    Raises:
        NoSuchSession: there is none, it has expired, or it has no such file.
        SessionClosed: the session, or the file in it, was canceled or refused.
        UnknownMechanism: the file is sent in another way.
    """
    read.session(id_, who)
    file = read.file(id_, filename)
    if file.status in (FileStatus.COMPLETED, FileStatus.PROCESSING) and file.mechanism is Mechanism.PARTS:
        return file, all_of(file)
    return file, present(upload.pending(file, Mechanism.PARTS))


def present(file: SessionFile) -> list[Part]:
    """Return the parts of a pending file that are there; all of them where they were joined already."""
    if not file.upload:
        return []
    return store_parts.received(staging.key(file), file.upload) or (all_of(file) if is_joined(file) else [])


def all_of(file: SessionFile) -> list[Part]:
    """Return every part that the file has."""
    return [Part(number=number, size=cut.size_of(file, number)) for number in range(1, cut.count(file) + 1)]


def is_joined(file: SessionFile) -> bool:
    """Return whether the file's bytes lie in the staging place as a whole."""
    try:
        return store.stat(staging.key(file)).size == file.size
    except BlobMissing:
        return False


def receive(file: SessionFile, part: NewPart, body: upload.Body, length: int) -> None:
    """Write one part to the staging place, with flat memory; it can be sent again until the file is completed.

    Raises:
        WrongSize: there are more or fewer bytes than the part has.
        BadDigest: they are others than were announced.
        SessionClosed: the file does not wait for bytes any more.
    """
    size = cut.size_of(file, part.number)
    if length != size:
        raise wrong_size(file, part, length)
    with spool.spooled() as kept:
        hasher = hashed(upload.pieces(body, size, kept))
        if hasher.size != size:
            raise wrong_size(file, part, hasher.size)
        check_announced({"sha256": part.sha256}, hasher.digests())
        # It may have been canceled, or begun anew with other bytes, while these came in.
        now = upload.pending(read.file(file.session, file.filename), Mechanism.PARTS)
        if (now.sha256, now.upload) != (file.sha256, file.upload):
            raise SessionClosed(f"{file.filename} changed in the meantime; look at it again.")
        store_parts.put(staging.key(file), part.number, kept.path)


def wrong_size(file: SessionFile, part: NewPart, length: int) -> WrongSize:
    """Return the refusal of a part that is too long or too short."""
    size = cut.size_of(file, part.number)
    return WrongSize(f"Part {part.number} of {file.filename} has {size} bytes, but {length} were sent.")


def ready(file: SessionFile) -> list[Part]:
    """Return all parts of a file; none where they were joined already.

    Raises:
        NotReceived: parts are missing, or have another size than they must; it names them.
    """
    found = store_parts.received(staging.key(file), file.upload) if file.upload else []
    if not found and file.upload and is_joined(file):
        return []
    sizes = {part.number: part.size for part in found}
    wrong = [part.number for part in all_of(file) if sizes.get(part.number) != part.size]
    if wrong:
        errors = tuple((f"parts.{number}", f"Part {number} was not sent yet.") for number in wrong[:MOST_NAMED])
        sentence = f"{len(wrong)} of the {cut.count(file)} parts of {file.filename} were not sent yet."
        raise NotReceived(sentence, errors=errors)
    return found


def join(file: SessionFile) -> None:
    """Make the parts the file, unless that was done already.

    Raises:
        NotReceived: parts are missing, or have another size than they must; it names them.
    """
    found = ready(file)
    if not found:
        return
    try:
        store_parts.join(staging.key(file), file.upload, found)
    except BlobMissing:
        if not is_joined(file):  # else somebody else joined them at the same time
            raise NotReceived(f"Parts of {file.filename} vanished as they were joined; send them again.") from None
