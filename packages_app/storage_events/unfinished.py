"""Reconcile's look at work on upload sessions that nobody brought to its end."""

from collections.abc import Iterator
from datetime import timedelta

from packages_app.errors import Unavailable
from packages_app.storage_events.entries import Choices, Finding, Kind, Outcome
from packages_app.tables.errors import TableUnavailable
from packages_app.uploads.sessions import markers
from packages_app.uploads.sessions.work import Result, carry_out

FRESH = timedelta(minutes=1)
"""How old a marker is before it counts: its event is on its way."""
OUTCOMES = {Result.DONE: Outcome.MENDED, Result.LEFT: Outcome.LEFT, Result.NOTHING: Outcome.MENDED}


def take_up(choices: Choices) -> Iterator[Finding]:
    """Do the work that is left, as the event of its marker does."""
    for key in markers.left(FRESH):
        if not choices.apply:
            yield Finding(kind=Kind.UNFINISHED, target=key, sentence="it waits to be done")
            continue
        try:
            result = carry_out(key)
        except TableUnavailable:
            raise
        except Unavailable as error:
            yield Finding(kind=Kind.UNFINISHED, target=key, sentence=str(error), outcome=Outcome.FAILED)
        else:
            yield Finding(kind=Kind.UNFINISHED, target=key, sentence=result.value, outcome=OUTCOMES[result])
