"""Fetches a file of the upstream once, checks it against its announced digest, and keeps it.

`fetch` does so before it returns, and `Relay` while the bytes go on to whoever waits for them: its last chunk is held
back until the digest is known to be right and the bytes are stored, so that nobody gets a whole wrong file.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import Self

from packages_app.conf import options
from packages_app.file_store import errors as file_store_errors
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.file_store.errors import BlobMissing
from packages_app.file_store.spool import spooled
from packages_app.upstream import sources
from packages_app.upstream.entries import KeptFile, Wanted
from packages_app.upstream.kept_files import is_kept, lease, put_down, refuse, release

PATIENCE = 10.0
"""Seconds that a second client waits for the first one's fetch; then it fetches for itself."""
LONGEST = 3600.0
"""Seconds that one file may take in all, where nothing bounds a request from outside."""
POLL = 0.1
METADATA_BYTES = 8 * 1024**2
"""The most that core metadata may have; long descriptions are among it."""


def begin(wanted: Wanted) -> tuple[KeptFile | None, str | None]:
    """Return the kept bytes, or the right to fetch them; neither where whoever has it takes too long.

    Raises:
        NotAsAnnounced: the upstream had other bytes a moment ago.
    """
    ends = time.monotonic() + PATIENCE
    while True:
        found = is_kept(wanted) or adopted(wanted)
        token = lease(wanted) if found is None else None
        if found is not None or token is not None or time.monotonic() > ends:
            return found, token
        time.sleep(POLL)


def adopted(wanted: Wanted) -> KeptFile | None:
    """Return bytes that were kept before under another name: their digest is all that counts."""
    try:
        size = stored.stat(keys.upstream_file(wanted.digest)).size
    except BlobMissing:
        return None
    return put_down(wanted, size)


def fetch(wanted: Wanted, token: str | None, *, within: float | None = None) -> KeptFile:
    """Fetch and keep a file, and return it; ``token`` is the right to do so, which is given back.

    Raises:
        NotAsAnnounced: the bytes are not the announced ones.
        SourceFailed: the upstream does not give them, or not within so many seconds.
        StoreUnavailable: the disk or bucket refuses.
    """
    counted = Checked(wanted)
    ends = time.monotonic() + (patience() if within is None else within)
    try:
        with source_of(wanted).file(wanted.url, ends) as reply:
            check_size(wanted, reply.size)
            store.put_stream(keys.upstream_file(wanted.digest), counted.checked(reply.chunks()))
        return put_down(wanted, counted.received)
    finally:
        release(wanted, token)


class Checked:
    """Counts and digests bytes that pass by, and refuses them in the end if they are not the announced ones."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.received = 0
        self.digest = hashlib.sha256()

    def checked(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks.

        Raises:
            NotAsAnnounced: they were others, or more.
        """
        most = largest(self.wanted)
        for chunk in chunks:
            self.digest.update(chunk)
            self.received += len(chunk)
            if self.received > most:
                refuse(self.wanted, f"more than {most} bytes")
            yield chunk
        if self.digest.hexdigest() != self.wanted.digest:
            refuse(self.wanted, self.digest.hexdigest())


def check_size(wanted: Wanted, size: int | None) -> None:
    """Return unless the upstream is about to send another number of bytes than its page says.

    Raises:
        NotAsAnnounced: it is.
    """
    if wanted.size is not None and size is not None and wanted.size != size:
        refuse(wanted, f"{size} bytes")


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
            check_size(wanted, self.size)
            self.spool = self.stack.enter_context(spooled())
            self.rest = self.held_back()
            # Before an answer begins, as what goes wrong until then can be said: of a small file all that can.
            self.first = next(self.rest, b"")
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        """Return the bytes as they come; the last of them come when the file is kept."""
        return chain((self.first,), self.rest)

    def __enter__(self) -> Self:
        """Return the relay itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of everything."""
        self.close()

    def close(self) -> None:
        """Let go of the connection, the spooled bytes and the lease; once is enough, more often is fine."""
        self.stack.close()

    def held_back(self) -> Iterator[bytes]:
        """Yield the chunks, each one when the next has come, and the last one when the file is kept."""
        counted, held = Checked(self.wanted), b""
        for chunk in counted.checked(self.reply.chunks()):
            with file_store_errors.reported():
                self.spool.file.write(chunk)
            if held:
                yield held
            held = chunk
        with file_store_errors.reported():
            self.spool.file.flush()
        store.put_file(keys.upstream_file(self.wanted.digest), self.spool.path)
        put_down(self.wanted, counted.received)
        if held:
            yield held
        self.close()


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
