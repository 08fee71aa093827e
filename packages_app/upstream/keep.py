"""Fetches a file of the upstream once, checks it against its announced digest, and keeps it.

`fetch` does so before it returns, and `Relay` while the bytes go on to whoever waits for them: its last chunk is held
back until the digest is known to be right and the bytes are stored, so that nobody gets a whole wrong file.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn, Self

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from packages_app.audit.entries import Event
from packages_app.audit.write import record
from packages_app.conf import options
from packages_app.file_store import errors as file_store_errors
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.file_store.errors import BlobMissing
from packages_app.file_store.spool import spooled
from packages_app.tables.base import plain_item
from packages_app.tables.outcomes import reported
from packages_app.upstream import sources
from packages_app.upstream.entries import KeptFile, Wanted
from packages_app.upstream.errors import Fault, NotAsAnnounced, SourceFailed
from packages_app.upstream.kept import MICRO, now
from packages_app.upstream.models import FileRow, page_partition

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that a second client waits for the first one's fetch; then it fetches for itself."""
LEASE_SECONDS = 300.0
REFUSED_SECONDS = 300
"""For how long other bytes than announced are not fetched again."""
LONGEST = 3600.0
"""Seconds that one file may take in all, where nothing bounds a request from outside."""
POLL = 0.1
METADATA_BYTES = 8 * 1024**2
"""The most that core metadata may have; long descriptions are among it."""


def is_kept(wanted: Wanted) -> KeptFile | None:
    """Return the bytes if they are kept, by one read.

    Raises:
        NotAsAnnounced: the upstream had other bytes a moment ago.
    """
    with reported():
        row = plain_item(page_partition(options().index, wanted.project), wanted.key) or {}
    if "kept_at" in row:
        return KeptFile(filename=wanted.filename, digest=row["digest"], size=int(row["size"]), metadata=wanted.metadata)
    if 0 <= now() - int(row.get("refused_at", 0)) < REFUSED_SECONDS * MICRO:
        raise not_as_announced(wanted)
    return None


def begin(wanted: Wanted) -> tuple[KeptFile | None, str | None]:
    """Return the kept bytes, or the right to fetch them; neither where whoever has it takes too long.

    Raises:
        NotAsAnnounced: the upstream had other bytes a moment ago.
    """
    ends = time.monotonic() + PATIENCE
    while True:
        found = is_kept(wanted)
        token = lease(wanted) if found is None else None
        if found is not None or token is not None or time.monotonic() > ends:
            return found, token
        time.sleep(POLL)


def fetch(wanted: Wanted, token: str | None) -> KeptFile:
    """Fetch and keep a file, and return it; ``token`` is the right to do so, which is given back.

    Raises:
        NotAsAnnounced: the bytes are not the announced ones.
        SourceFailed: the upstream does not give them.
        StoreUnavailable: the disk or bucket refuses.
    """
    with Relay(wanted, token) as relay:
        for _ in relay:
            pass
    found = is_kept(wanted)
    if found is None:
        raise SourceFailed(Fault.BROKEN, f"{wanted.filename} could not be kept; try again in a moment.")
    return found


def aside(wanted: Wanted) -> None:
    """Have a file fetched after this request was answered, where something is there that can do so."""
    log.info("%s is too large to be fetched while its client waits", wanted.filename)


class Relay(Iterable[bytes]):
    """A file on its way from the upstream to a client and into the store; the server closes it in the end.

    Raises:
        SourceFailed: the upstream does not give it.
        NotAsAnnounced: it is not as long as announced.
        StoreUnavailable: the disk refuses.
    """

    def __init__(self, wanted: Wanted, token: str | None) -> None:
        self.wanted = wanted
        self.stack = ExitStack()
        try:
            self.stack.callback(release, wanted, token)
            self.reply = self.stack.enter_context(source_of(wanted).file(wanted.url, time.monotonic() + patience()))
            self.size = self.reply.size
            if wanted.size is not None and self.size is not None and wanted.size != self.size:
                refuse(wanted, f"{self.size} bytes")
            self.spool = self.stack.enter_context(spooled())
        except BaseException:
            self.close()
            raise
        self.body = self.checked()

    def __iter__(self) -> Iterator[bytes]:
        """Return the bytes as they come; the last of them come when the file is kept."""
        return self.body

    def __enter__(self) -> Self:
        """Return the relay itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of everything."""
        self.close()

    def close(self) -> None:
        """Let go of the connection, the spooled bytes and the lease; once is enough, more often is fine."""
        self.stack.close()

    def checked(self) -> Iterator[bytes]:
        """Yield the chunks, each one when the next has come."""
        digest, received, held, most = hashlib.sha256(), 0, b"", largest(self.wanted)
        for chunk in self.reply.chunks():
            digest.update(chunk)
            received += len(chunk)
            if received > most:
                refuse(self.wanted, f"more than {most} bytes")
            with file_store_errors.reported():
                self.spool.file.write(chunk)
            if held:
                yield held
            held = chunk
        if digest.hexdigest() != self.wanted.digest:
            refuse(self.wanted, digest.hexdigest())
        with file_store_errors.reported():
            self.spool.file.flush()
        put_down(self.wanted, received, self.spool.path)
        if held:
            yield held
        self.close()


def put_down(wanted: Wanted, size: int, path: Path) -> None:
    """Store the bytes under their digest, unless they are there, and put down that they are kept."""
    key = keys.upstream_file(wanted.digest)
    try:
        there = stored.stat(key).size == size
    except BlobMissing:
        there = False
    if not there:
        store.put_file(key, path)
    file = wanted.file
    with reported():
        row_of(wanted).update(
            [
                FileRow.digest.set(wanted.digest),
                FileRow.size.set(size),
                FileRow.version.set(file.version),
                FileRow.filetype.set(file.filetype),
                FileRow.upload_time.set(file.upload_time),
                FileRow.url.set(file.url),
                FileRow.kept_at.set(now()),
                FileRow.refused_at.remove(),
                FileRow.expires.remove(),
            ]
        )


def refuse(wanted: Wanted, received: str) -> NoReturn:
    """Put down that other bytes came than were announced.

    Raises:
        NotAsAnnounced: always.
    """
    log.error("the upstream's bytes of %s are not the announced ones: %s", wanted.filename, received)
    record(
        Event(
            action="upstream.mismatch",
            actor="upstream",
            source="upstream",
            project=wanted.project,
            target=wanted.filename,
            before={"sha256": wanted.digest},
            after={"received": received, "url": wanted.url},
        )
    )
    with reported():
        row_of(wanted).update([FileRow.refused_at.set(now()), FileRow.expires.set(leftover())])
    raise not_as_announced(wanted)


def not_as_announced(wanted: Wanted) -> NotAsAnnounced:
    """Return the refusal of other bytes."""
    return NotAsAnnounced(
        f"The upstream's bytes of {wanted.filename} are not the ones that its page announces; they were thrown away. "
        "Its operator, or whoever sits in between, must mend that."
    )


def source_of(wanted: Wanted) -> sources.Source:
    """Return the source that lists a file, or the first one, where the settings have changed since."""
    found = sources.configured()
    return next((source for source in found if source.name == wanted.source), found[0])


def largest(wanted: Wanted) -> int:
    """Return the most bytes that are taken."""
    if wanted.metadata:
        return METADATA_BYTES
    return options().max_upload_bytes if wanted.size is None else wanted.size


def patience() -> float:
    """Return how long one file may take in all."""
    chosen = options().upstream
    return LONGEST if chosen.fetch_bytes is None else chosen.timeout


def lease(wanted: Wanted) -> str | None:
    """Take the right to fetch a file, and return its token; None while somebody else has it."""
    token, at = secrets.token_hex(8), now()
    free = (
        FileRow.leased_until.does_not_exist()
        | (FileRow.leased_until < at)
        | (FileRow.leased_until > at + int(LEASE_SECONDS * MICRO))
    )
    sets: list[Action] = [
        FileRow.lease.set(token),
        FileRow.leased_until.set(at + int(LEASE_SECONDS * MICRO)),
        # The item of a file that never comes must not stay; `put_down` takes this away.
        FileRow.expires.set(leftover()),
    ]
    with reported():
        try:
            row_of(wanted).update(sets, condition=FileRow.kept_at.does_not_exist() & free)
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return None
    return token


def release(wanted: Wanted, token: str | None) -> None:
    """Give the right to fetch back."""
    if token is None:
        return
    with reported():
        try:
            row_of(wanted).update(
                [FileRow.lease.remove(), FileRow.leased_until.remove()], condition=FileRow.lease == token
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def leftover() -> datetime:
    """Return when an item that never became a kept file may go."""
    return datetime.now(UTC) + timedelta(days=1)


def row_of(wanted: Wanted) -> FileRow:
    """Return the item's key."""
    return FileRow(page_partition(options().index, wanted.project), wanted.key)
