"""Where the files of a session lie until it is published, and how they are cleared away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.uploads.sessions import read
from packages_app.uploads.sessions.entries import SessionFile, Status

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


def drop(session: str) -> None:
    """Remove everything that was sent to a session."""
    for blob in list(store.walk(f"{keys.STAGING}/{session}")):
        store_write.remove(blob.key)


def leftovers() -> Iterator[str]:
    """Yield the key of everything staged whose session has ended, also of what has no session at all."""
    ended: dict[str, bool] = {}
    for blob in store.walk(keys.STAGING):
        session = keys.session_of(blob.key)
        if session is None or datetime.now(UTC) - blob.modified < SETTLED:
            continue
        if session not in ended:
            found = read.find(session)
            ended = {session: found is None or found.status in (Status.PUBLISHED, Status.CANCELED)}
        if ended[session]:
            yield blob.key


def clear() -> int:
    """Remove what sessions left that have ended, and return how many blobs that were."""
    count = 0
    for left in leftovers():
        store_write.remove(left)
        count += 1
    return count
