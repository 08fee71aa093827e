"""The advisories that count here, by project, from the feeds that the settings name."""

import gzip
import hashlib
import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.upstream import osv
from packages_app.upstream.entries import Absent, Kept, Unchanged, Validators
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.keeping import Came, current
from packages_app.upstream.osv import Advisory

log = logging.getLogger(__name__)

LOOK_AGAIN = 60.0
"""Seconds for which a process goes by a feed as it read it."""
FRESH = 3600
"""Seconds for which a feed is not fetched again."""
LIMIT = 256 * 1024**2
KINDS = frozenset({".json", ".jsonl", ".zip"})
"""Files of a folder that are read; others lie beside advisories, as in a repository of them."""

Table = dict[str, tuple[Advisory, ...]]


@dataclass(frozen=True)
class Held:
    """A feed as this process read it last."""

    mark: str
    """Changes with the feed."""
    table: Table
    at: float


held: dict[tuple[str, tuple[str, ...]], Held] = {}
reading = Lock()


def about(project: str) -> tuple[Advisory, ...]:
    """Return the advisories about a project that hide files: malware, and the chosen severities.

    Raises:
        SourceFailed: a feed was never read, so nobody could say that a file is harmless.
    """
    chosen = options().upstream
    return tuple(advisory for feed in chosen.advisories for advisory in table(feed).get(project, ()))


def counts(advisory: Advisory) -> bool:
    """Return whether an advisory hides files here; of the others, which are most, none stays in memory."""
    return advisory.malware or advisory.severity in options().upstream.severities


def table(feed: str) -> Table:
    """Return a feed's advisories by project.

    Raises:
        SourceFailed: it was never read.
    """
    wanted = (feed, options().upstream.severities)
    known = held.get(wanted)
    if known is not None and is_recent(known):
        return known.table
    # Pages do not wait for whoever looks at the feed; only the first ones do, who could show nothing without it.
    if not reading.acquire(blocking=known is None) and known is not None:
        return known.table
    try:
        known = held.get(wanted)
        if known is None or not is_recent(known):
            known = held[wanted] = looked(feed, known)
    finally:
        reading.release()
    return known.table


def is_recent(known: Held) -> bool:
    """Return whether a feed was looked at a moment ago."""
    return 0 <= time.monotonic() - known.at < LOOK_AGAIN


def looked(feed: str, known: Held | None) -> Held:
    """Return a feed as it is now, or as it was while it cannot be read.

    Raises:
        SourceFailed: it cannot be read, and never was.
    """
    try:
        read = fetched if feed.startswith(("http://", "https://")) else local
        mark, load = read(feed)
        if known is not None and known.mark == mark:
            return Held(mark, known.table, time.monotonic())
        return Held(mark, load(), time.monotonic())
    except (SourceFailed, osv.NotAdvisories, OSError, ValueError) as error:
        log.warning("the advisories at %s cannot be read: %s", shortened(feed), error)
        if known is None:
            raise SourceFailed(
                Fault.UNREADABLE,
                "The advisories that files are checked against were never read; the operator finds why in the log.",
            ) from error
        return Held(known.mark, known.table, time.monotonic())


class Load:
    """Reads a feed when it is called; what to read is known before."""

    def __init__(self, paths: Iterable[Path] = (), blob: str = "") -> None:
        self.paths, self.blob = paths, blob

    def __call__(self) -> Table:
        """Return the advisories by project."""
        if self.blob:
            return compiled(unpacked(gzip.decompress(stored.read(self.blob, LIMIT))))
        return compiled(each for path in self.paths for each in osv.advisories(osv.records(path.read_bytes())))


def local(feed: str) -> tuple[str, Load]:
    """Return what changes with a file or a folder of files, and how to read it.

    Raises:
        NotAdvisories: the folder has none.
    """
    place = Path(feed)
    paths = sorted(path for path in place.rglob("*") if path.suffix in KINDS) if place.is_dir() else [place]
    if not paths:
        raise osv.NotAdvisories("the folder is empty of them")
    states = [(str(path), status.st_mtime_ns, status.st_size) for path in paths for status in [path.stat()]]
    return hashlib.sha256(repr(states).encode()).hexdigest(), Load(paths)


def fetched(feed: str) -> tuple[str, Load]:
    """Return what changes with a feed that is fetched, and how to read what is kept of it.

    Raises:
        SourceFailed: it was never fetched.
    """
    subject = Feed(feed)
    shown = current(subject)
    if shown is None:
        raise SourceFailed(Fault.BROKEN, "There is nothing at the address of the advisories.")
    if shown.stale:
        log.warning("the advisories at %s could not be refreshed: %s", shortened(feed), shown.kept.fault)
    return shown.kept.body, Load(blob=keys.upstream_page(subject.key, shown.kept.body))


@dataclass(frozen=True)
class Feed:
    """A feed at an address, as something that is asked for and kept."""

    url: str

    @property
    def key(self) -> str:
        """A text that no project's name can be."""
        return f"_advisories-{hashlib.sha256(self.url.encode()).hexdigest()[:16]}"

    @property
    def fresh(self) -> int:
        """Seconds for which a feed counts without asking again."""
        return FRESH

    @property
    def sources(self) -> tuple[str, ...]:
        """Its own name."""
        return (self.key,)

    def ask(self, known: Kept, ends: float) -> Came | Unchanged | Absent:
        """Fetch the feed, and keep what it says of this ecosystem.

        Raises:
            SourceFailed: it cannot be had, or is none.
        """
        from packages_app.upstream.sources.simple_index import check_status  # noqa: PLC0415 - urllib3 only where needed
        from packages_app.upstream.sources.transport import Transport  # noqa: PLC0415 - the same

        headers = {"Accept-Encoding": "gzip"}
        if known.body and known.validators is not None and known.validators.etag:
            headers["If-None-Match"] = known.validators.etag
        with Transport(self.url, options().upstream, exact=True).ask(None, headers, ends) as reply:
            if reply.status == NOT_MODIFIED:
                return Unchanged()
            check_status(reply)
            data, etag = reply.body(LIMIT), reply.headers.get("ETag", "")
        try:
            packed = gzip.compress(written(osv.advisories(osv.records(data))), 6, mtime=0)
        except osv.NotAdvisories as error:
            raise SourceFailed(Fault.UNREADABLE, f"The advisories cannot be read: {error}.") from error
        body = hashlib.sha256(packed).hexdigest()
        store.put_bytes(keys.upstream_page(self.key, body), packed)
        return Came(body=body, validators=Validators(source=self.key, etag=etag))


NOT_MODIFIED = 304


def written(found: Iterable[Advisory]) -> bytes:
    """Return advisories as they are kept."""
    rows = [[each.id, each.project, each.severity, each.malware, sorted(each.versions), each.ranges] for each in found]
    return json.dumps(rows, separators=(",", ":")).encode()


def unpacked(data: bytes) -> Iterable[Advisory]:
    """Return what `written` wrote."""
    for id_, project, severity, malware, versions, ranges in json.loads(data):
        yield Advisory(
            id_,
            project,
            severity,
            malware,
            frozenset(versions),
            tuple(tuple((kind, at) for kind, at in events) for events in ranges),
        )


def compiled(found: Iterable[Advisory]) -> Table:
    """Return advisories by project."""
    by_project: dict[str, list[Advisory]] = {}
    for each in filter(counts, found):
        by_project.setdefault(each.project, []).append(each)
    return {project: tuple(each) for project, each in by_project.items()}


@lru_cache(maxsize=16)
def shortened(feed: str) -> str:
    """Return a feed's address as a log may hold it: an address could have a password in it."""
    return feed.rpartition("@")[2] if "://" in feed else feed
