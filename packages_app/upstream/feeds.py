"""Where advisories come from: files, folders of them, and addresses, whose answers are kept."""

import gzip
import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

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

NOT_MODIFIED = 304
FRESH = 3600
"""Seconds for which a feed is not fetched again."""
LIMIT = 256 * 1024**2
KINDS = frozenset({".json", ".jsonl", ".zip"})
"""Files of a folder that are read; others lie beside advisories, as in a repository of them."""


class Load:
    """Reads a feed when it is called; what to read is known before."""

    def __init__(self, paths: Iterable[Path] = (), blob: str = "") -> None:
        self.paths, self.blob = paths, blob

    def __call__(self) -> Iterable[Advisory]:
        """Return the advisories."""
        if self.blob:
            return unpacked(gzip.decompress(stored.read(self.blob, LIMIT)))
        return (each for path in self.paths for each in osv.advisories(osv.records(path.read_bytes())))


def look(feed: str) -> tuple[str, Load]:
    """Return what changes with a feed, and how to read it.

    Raises:
        NotAdvisories: the folder has none.
        OSError: the file or folder cannot be read.
        SourceFailed: the address never answered.
    """
    return fetched(feed) if feed.startswith(("http://", "https://")) else local(feed)


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
        from packages_app.upstream.sources.transport import Transport  # noqa: PLC0415 - urllib3 only where needed

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


def shortened(feed: str) -> str:
    """Return a feed as a log may hold it: what stands before an address's host or behind its path may be a secret."""
    if "://" not in feed:
        return feed
    try:
        parts = urlsplit(feed)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
