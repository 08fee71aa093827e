"""Reconcile's look at work on upload sessions, and for another index's files, that nobody brought to its end."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from packages_app.errors import Unavailable
from packages_app.storage_events.entries import Choices, Finding, Kind, Outcome
from packages_app.tables.errors import TableUnavailable
from packages_app.uploads.sessions import markers
from packages_app.uploads.sessions.work import Result, carry_out
from packages_app.upstream import aside

FRESH = timedelta(minutes=1)
"""How old a marker is before it counts: its event is on its way."""
OUTCOMES: dict[Result | aside.Result, Outcome] = {
    Result.LEFT: Outcome.LEFT,
    aside.Result.LEFT: Outcome.LEFT,
    Result.FOREIGN: Outcome.FAILED,
}


def take_up(choices: Choices) -> Iterator[Finding]:
    """Do the work that is left, as the event of its marker does."""
    yield from each(choices, markers.left(FRESH), carry_out)
    yield from each(choices, aside.left(FRESH), aside.carry_out)


def each(choices: Choices, found: Iterator[str], work: Callable[[str], Result | aside.Result]) -> Iterator[Finding]:
    """Do the work of each of these markers."""
    for key in found:
        if not choices.apply:
            yield Finding(kind=Kind.UNFINISHED, target=key, sentence="it waits to be done")
            continue
        try:
            result = work(key)
        except TableUnavailable:
            raise
        except Unavailable as error:
            yield Finding(kind=Kind.UNFINISHED, target=key, sentence=str(error), outcome=Outcome.FAILED)
        else:
            yield Finding(
                kind=Kind.UNFINISHED, target=key, sentence=result.value, outcome=OUTCOMES.get(result, Outcome.MENDED)
            )
