"""A project's page from the upstream: fresh, confirmed, or the last good one while the upstream fails.

Read `page` from top to bottom. Nothing here asks whether a name may be looked up: `ownership` has decided that before.
"""

import logging
import threading
import time
from dataclasses import dataclass

from packages_app.conf import options
from packages_app.file_store.errors import BlobMissing
from packages_app.upstream import bodies, kept, sources
from packages_app.upstream.entries import Absent, Answer, Fetched, Kept, Unchanged, UpstreamPage
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.kept import MICRO, now

log = logging.getLogger(__name__)

RETRY_SECONDS = 15.0
"""After a failure, for how long a project is not asked for again."""
GRACE = 5.0
"""Seconds that a lease lasts beyond the time its holder has to ask."""
POLL = 0.1


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page that can be shown."""

    kept: Kept
    stale: bool
    """Whether the upstream should have confirmed it, and failed to."""

    def page(self) -> UpstreamPage:
        """Return the page itself, from the file store or from memory.

        Raises:
            StoreUnavailable: the disk or bucket refuses.
        """
        try:
            return bodies.load(self.kept.project, self.kept.body)
        except BlobMissing:
            # It was replaced between the reading of its item and now; then the item names the new one.
            current = kept.read(self.kept.project)
            if not current.body or current.body == self.kept.body:
                kept.lost(self.kept)
                raise
            return bodies.load(current.project, current.body)


def page(project: str) -> Shown | None:
    """Return the upstream's page of a project, by its normalised name; None where the upstream says there is none.

    Raises:
        SourceFailed: the upstream does not answer as it should, and nothing is kept to show instead.
    """
    known = kept.read(project)
    if is_fresh(known):
        return shown(known)
    if is_resting(known):
        return fallback(known)
    chosen = options().upstream
    token = kept.lease(project, chosen.timeout + GRACE)
    if token is None:
        return shown(known) if lasting(known) else others(project)
    if known.body:
        return refreshed_aside(known, token)
    return refreshed(known, token)


def is_fresh(known: Kept) -> bool:
    """Return whether nobody needs to be asked; a confirmation out of the future is none, as clocks do fall back."""
    chosen = options().upstream
    lasts = chosen.missing if known.absent else chosen.fresh
    # Another list of sources may know another page.
    current = known.absent or (known.validators is not None and known.validators.source in source_names())
    return current and 0 <= now() - known.checked_at < lasts * MICRO


def is_resting(known: Kept) -> bool:
    """Return whether the upstream failed a moment ago."""
    return 0 < known.retry_at - now() <= kept.LONGEST_RETRY * MICRO


def lasting(known: Kept) -> bool:
    """Return whether there is a page that may be shown without the upstream."""
    return bool(known.body) and now() - known.checked_at < options().upstream.stale * MICRO


def source_names() -> tuple[str, ...]:
    """Return the names of the sources that are configured."""
    return tuple(source.name for source in sources.configured())


def shown(known: Kept) -> Shown | None:
    """Return what is kept, as current."""
    return Shown(kept=known, stale=False) if known.body else None


def fallback(known: Kept) -> Shown:
    """Return the last good page, marked.

    Raises:
        SourceFailed: there is none, or it is too old.
    """
    if lasting(known):
        return Shown(kept=known, stale=True)
    # Also where the last answer was that there is no such project: it may be there by now.
    raise SourceFailed(Fault.UNREACHABLE, known.fault or "The upstream does not answer; try again in a moment.")


def others(project: str) -> Shown | None:
    """Return what somebody else, who is asking already, brings.

    Raises:
        SourceFailed: they bring nothing, or not in time.
    """
    ends = time.monotonic() + options().upstream.timeout
    while time.monotonic() < ends:
        time.sleep(POLL)
        known = kept.read(project)
        if is_fresh(known):
            return shown(known)
        if is_resting(known):
            return fallback(known)
    raise SourceFailed(Fault.SLOW, "The upstream takes too long to answer; try again in a moment.")


def refreshed(known: Kept, token: str) -> Shown | None:
    """Ask the upstream, keep what it says, and return it.

    Raises:
        SourceFailed: it fails, and nothing is kept to show instead.
    """
    try:
        answer = ask(known)
        return took(known, token, answer)
    except SourceFailed as error:
        log.warning("the upstream failed for %s (%s): %s", known.project, error.fault.value, error)
        kept.failed(known, token, str(error), max(error.wait, RETRY_SECONDS))
        if lasting(known):
            return Shown(kept=known, stale=True)
        raise


def refreshed_aside(known: Kept, token: str) -> Shown | None:
    """Ask the upstream within the time budget; beyond it, show the kept page and let the asking go on."""
    outcome: list[Shown | Exception | None] = []

    def work() -> None:
        try:
            outcome.append(refreshed(known, token))
        except Exception as error:  # noqa: BLE001 - raised by whoever waits, or logged when nobody does
            outcome.append(error)
            if given_up.is_set():
                log.warning("the upstream's page of %s could not be refreshed: %r", known.project, error)

    given_up = threading.Event()
    thread = threading.Thread(target=work, name=f"upstream-{known.project}", daemon=True)
    asking.add(thread)
    thread.start()
    thread.join(options().upstream.budget)
    asking.difference_update([each for each in tuple(asking) if not each.is_alive()])
    if not outcome:
        given_up.set()
        log.warning("the upstream takes too long for %s: its kept page is shown", known.project)
        return fallback(known)
    (came,) = outcome
    if isinstance(came, Exception):
        raise came
    return came


asking: set[threading.Thread] = set()
"""Who goes on asking after its request was answered."""


def ask(known: Kept) -> Answer:
    """Return what the first source says that knows the project; one that fails is never passed over.

    Raises:
        SourceFailed: a source did, before one knew the project.
    """
    ends = time.monotonic() + options().upstream.timeout
    for source in sources.configured():
        validators = known.validators if known.body and known.validators else None
        mine = validators if validators is not None and validators.source == source.name else None
        answer = source.page(known.project, mine, ends)
        if not isinstance(answer, Absent):
            return answer
    return Absent()


def took(known: Kept, token: str, answer: Answer) -> Shown | None:
    """Keep what the upstream said, and return what is kept now."""
    if isinstance(answer, Fetched):
        body = bodies.keep(answer.page)
        held = kept.fetched(known, token, body=body, status=answer.page.status, validators=answer.validators)
        if held and known.body not in {"", body}:
            bodies.drop(known.project, known.body)
    elif isinstance(answer, Unchanged):
        kept.unchanged(known, token)
    elif kept.absent(known, token) and known.body:
        log.warning("the upstream has no project %s any more", known.project)
        bodies.drop(known.project, known.body)
    return shown(kept.read(known.project))
