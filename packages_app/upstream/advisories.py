"""The advisories that count here, by project, from the feeds that the settings name."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from packages_app.conf import options
from packages_app.upstream import feeds, osv
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.osv import Advisory

log = logging.getLogger(__name__)

LOOK_AGAIN = 60.0
"""Seconds for which a process goes by a feed as it read it."""

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
        mark, load = feeds.look(feed)
        if known is not None and known.mark == mark:
            return Held(mark, known.table, time.monotonic())
        return Held(mark, compiled(load()), time.monotonic())
    except (SourceFailed, osv.NotAdvisories, OSError, ValueError) as error:
        log.warning("the advisories at %s cannot be read: %s", feeds.shortened(feed), error)
        if known is None:
            raise SourceFailed(
                Fault.UNREADABLE,
                "The advisories that files are checked against were never read; the operator finds why in the log.",
            ) from error
        return Held(known.mark, known.table, time.monotonic())


def compiled(found: Iterable[Advisory]) -> Table:
    """Return advisories by project."""
    by_project: dict[str, list[Advisory]] = {}
    for each in filter(counts, found):
        by_project.setdefault(each.project, []).append(each)
    return {project: tuple(each) for project, each in by_project.items()}
