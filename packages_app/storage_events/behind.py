"""Reconcile's look at what is kept of another index: pages that nothing shows any more."""

from collections.abc import Iterator

from packages_app.file_store.errors import StoreUnavailable
from packages_app.storage_events.entries import Choices, Finding, Kind, Outcome
from packages_app.upstream import leftovers

SENTENCE = "it is a page of another index that nothing names any more"


def sweep(choices: Choices) -> Iterator[Finding]:
    """Remove such pages after the grace.

    Raises:
        TableUnavailable: the catalogue cannot answer.
        StoreUnavailable: the store cannot be walked.
    """
    for key in leftovers.leftovers(choices.grace):
        if not choices.apply:
            yield Finding(kind=Kind.RETIRED, target=key, sentence=SENTENCE)
            continue
        try:
            outcome = Outcome.MENDED if leftovers.sweep(key) else Outcome.LEFT
        except StoreUnavailable as error:
            yield Finding(kind=Kind.RETIRED, target=key, sentence=str(error), outcome=Outcome.FAILED)
        else:
            yield Finding(kind=Kind.RETIRED, target=key, sentence=SENTENCE, outcome=outcome)
