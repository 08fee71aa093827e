"""What an upstream says of something: fresh, confirmed, or the last good answer while the upstream fails.

Read `current` from top to bottom. Nothing here asks whether a name may be looked up: `ownership` has decided that
before.
"""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Protocol

from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store import write as store
from packages_app.upstream import kept
from packages_app.upstream.entries import Absent, Kept, Unchanged, Validators
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.kept import MICRO, now

log = logging.getLogger(__name__)

RETRY_SECONDS = 15.0
"""After a failure, for how long a project is not asked for again."""
GRACE = 5.0
"""Seconds that a lease lasts beyond the time its holder has to ask."""
POLL = 0.1


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came is in the file store now."""

    body: str
    """Its digest there."""
    validators: Validators
    status: str = "active"


class Subject(Protocol):
    """Something that an upstream is asked about, and the answer to which is kept."""

    @property
    def key(self) -> str:
        """What it is kept under: a normalised name, or a text that no name can be."""

    @property
    def fresh(self) -> int:
        """Seconds for which an answer counts without asking again."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources whose answers count."""

    def ask(self, known: Kept, ends: float) -> Came | Unchanged | Absent:
        """Ask, and put what comes into the file store; `SourceFailed` for every failure."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An answer that can be shown."""

    kept: Kept
    stale: bool
    """Whether the upstream should have confirmed it, and failed to."""


def current(subject: Subject) -> Shown | None:
    """Return what the upstream says; None where it says that there is no such thing.

    Raises:
        SourceFailed: the upstream does not answer as it should, and nothing is kept to show instead.
    """
    known = kept.read(subject.key)
    if is_fresh(subject, known):
        return shown(known)
    if is_resting(known):
        return fallback(known)
    token = kept.lease(subject.key, options().upstream.timeout + GRACE)
    if token is None:
        return shown(known) if lasting(known) else others(subject)
    if lasting(known):
        return refreshed_aside(subject, known, token)
    return refreshed(subject, known, token)


def is_fresh(subject: Subject, known: Kept) -> bool:
    """Return whether nobody needs to be asked; a confirmation out of the future is none, as clocks do fall back."""
    lasts = options().upstream.missing if known.absent else subject.fresh
    # Another list of sources may know another page.
    current = known.absent or (known.validators is not None and known.validators.source in subject.sources)
    return current and -kept.SKEW * MICRO <= now() - known.checked_at < lasts * MICRO


def is_resting(known: Kept) -> bool:
    """Return whether the upstream failed a moment ago."""
    return 0 < known.retry_at - now() <= (kept.LONGEST_RETRY + kept.SKEW) * MICRO


def lasting(known: Kept) -> bool:
    """Return whether there is a page that may be shown without the upstream."""
    return bool(known.body) and now() - known.checked_at < options().upstream.stale * MICRO


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


def others(subject: Subject) -> Shown | None:
    """Return what somebody else, who is asking already, brings.

    Raises:
        SourceFailed: they bring nothing, or not in time.
    """
    ends = time.monotonic() + options().upstream.timeout
    while time.monotonic() < ends:
        time.sleep(POLL)
        known = kept.read(subject.key)
        if is_fresh(subject, known):
            return shown(known)
        if is_resting(known):
            return fallback(known)
    raise SourceFailed(Fault.SLOW, "The upstream takes too long to answer; try again in a moment.")


def refreshed(subject: Subject, known: Kept, token: str) -> Shown | None:
    """Ask the upstream, keep what it says, and return it.

    Raises:
        SourceFailed: it fails, and nothing is kept to show instead.
    """
    try:
        answer = subject.ask(known, time.monotonic() + options().upstream.timeout)
        return took(known, token, answer)
    except SourceFailed as error:
        log.warning("the upstream failed for %s (%s): %s", known.project, error.fault.value, error)
        kept.failed(known, token, str(error), max(error.wait, RETRY_SECONDS))
        if lasting(known):
            return Shown(kept=known, stale=True)
        raise


def refreshed_aside(subject: Subject, known: Kept, token: str) -> Shown | None:
    """Ask the upstream within the time budget; beyond it, show the kept page and let the asking go on."""
    outcome: list[Shown | Exception | None] = []

    def work() -> None:
        try:
            outcome.append(refreshed(subject, known, token))
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


def took(known: Kept, token: str, answer: Came | Unchanged | Absent) -> Shown | None:
    """Keep what the upstream said, and return what is kept now."""
    if isinstance(answer, Came):
        held = kept.fetched(known, token, body=answer.body, status=answer.status, validators=answer.validators)
        if held and known.body not in {"", answer.body}:
            drop(known)
    elif isinstance(answer, Unchanged):
        kept.unchanged(known, token)
    elif kept.absent(known, token) and known.body:
        log.warning("the upstream has no %s any more", known.project)
        drop(known)
    return shown(kept.read(known.project))


def drop(known: Kept) -> None:
    """Remove what another answer replaced."""
    store.remove(keys.upstream_page(known.project, known.body))
