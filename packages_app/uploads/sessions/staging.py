"""Where the files of a session lie until it is published, and how they are cleared away."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from packages_app.file_store import keys
from packages_app.file_store import parts as store_parts
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.uploads.sessions import read
from packages_app.uploads.sessions.entries import FileStatus, SessionFile, Status

SETTLED = timedelta(hours=1)
"""How old staged bytes are before they are cleared away: nobody is about to write of them any more."""


def key(file: SessionFile) -> str:
    """Return the key of a file's bytes."""
    return keys.staged(file.session, file.sha256, file.filename)


def document_key(file: SessionFile) -> str:
    """Return the key of a file's metadata."""
    return key(file) + keys.document(file.filename)


def attestations_key(file: SessionFile) -> str:
    """Return the key of a file's attestations."""
    return key(file) + keys.ATTESTATIONS


def drop_file(file: SessionFile) -> None:
    """Remove everything that was sent of one file."""
    for each in (document_key(file), attestations_key(file), key(file)):
        store_write.remove(each)
    if file.upload:
        store_parts.drop(key(file), file.upload)


def drop(session: str, files: Iterable[SessionFile] = ()) -> None:
    """Remove everything that was sent to a session, and the parts of these files of it that were never joined."""
    for file in files:
        if file.upload and file.status is not FileStatus.CANCELED:
            store_parts.drop(key(file), file.upload)
    for blob in list(store.walk(f"{keys.STAGING}/{session}")):
        store_write.remove(blob.key)


def leftovers() -> Iterator[str]:
    """Yield the key of everything staged whose session has ended, also of what has no session at all."""
    has_ended = Ended()
    for blob in store.walk(keys.STAGING):
        if has_ended.of(blob.key, blob.modified):
            yield blob.key


class Ended:
    """Whether sessions have ended, asked once for each of those that come one after the other."""

    def __init__(self) -> None:
        self.session, self.answer = "", False

    def of(self, key: str, modified: datetime) -> bool:
        """Return whether what lies under this key belongs to a session that has ended, and is old enough to go."""
        session = keys.session_of(key)
        if session is None or datetime.now(UTC) - modified < SETTLED:
            return False
        if session != self.session:
            found = read.find(session)
            self.session, self.answer = session, found is None or found.status in (Status.PUBLISHED, Status.CANCELED)
        return self.answer


def clear() -> int:
    """Remove what sessions left that have ended, and return how many blobs and unfinished uploads that were."""
    count = 0
    for left in leftovers():
        store_write.remove(left)
        count += 1
    has_ended = Ended()
    for upload in store_parts.unfinished(keys.STAGING):
        if has_ended.of(upload.key, upload.begun):
            store_parts.drop(upload.key, upload.upload)
            count += 1
    return count
