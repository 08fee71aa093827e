"""Brings the catalogue and the store together again; the store is the truth about bytes.

It is safe to run at any time, also while uploads go on and in two processes at once: what the two listings suggest is
asked again before it counts, and every change is a conditional one.
"""

from collections.abc import Iterator

from packages_app.catalogue import read as catalogue
from packages_app.catalogue import totals
from packages_app.conf import options
from packages_app.file_store import keys, spool
from packages_app.file_store import read as store
from packages_app.storage_events import behind, incoming, listed, stored, unfinished
from packages_app.storage_events.entries import Choices, Finding, Kind, Outcome, Progress, silent
from packages_app.storage_events.errors import EmptyStore
from packages_app.storage_events.inventory import LISTED, LISTED_TO, Inventory
from packages_app.uploads.sessions import staging

LEFTOVER_SECONDS = 60.0


def reconcile(choices: Choices, progress: Progress = silent) -> Iterator[Finding]:
    """Yield each difference between store and catalogue, mended if that is wanted.

    Raises:
        EmptyStore: the store has no file at all, the catalogue lists some, and nobody said that this is meant.
        WrongState: the state file is of another run.
        Unavailable: the store or the catalogue cannot answer.
    """
    with Inventory(choices.state, home(choices)) as inventory:
        yield from take_stock(inventory, progress)
        if not choices.allow_empty_store:
            check_store(inventory)
        # Before the unlisted: what a session is going to list together must not be listed one by one.
        yield from unfinished.take_up(choices)
        yield from listed.compare(choices, inventory, progress)
        yield from stored.compare(choices, inventory, progress)
        yield from behind.sweep(choices)
        # Last: what is published now must not make an empty store pass for one that was looked at.
        yield from incoming.take_up(choices, progress)
        if choices.apply:
            spool.sweep(LEFTOVER_SECONDS)
            staging.clear()
            totals.recount()
    if choices.state is not None:
        choices.state.unlink()


def home(choices: Choices) -> str:
    """Return what must be the same for a run to go on where another one ended."""
    chosen = options()
    return f"{chosen.table or chosen.data} {chosen.bucket} {chosen.index} {'applied' if choices.apply else 'dry'}"


def take_stock(inventory: Inventory, progress: Progress) -> Iterator[Finding]:
    """List the store; what is not of this index is told and left alone."""
    if inventory.note(LISTED) is not None:
        return
    for number, blob in enumerate(store.walk(after=inventory.note(LISTED_TO) or ""), 1):
        progress("stored files", number, 0)
        said = keys.parse(blob.key)
        if said is None:
            sentence = "it is nothing that this index put there"
            yield Finding(kind=Kind.FOREIGN, target=blob.key, sentence=sentence, outcome=Outcome.LEFT)
        else:
            inventory.add(said, blob)
        inventory.passed(blob.key)
    inventory.keep(LISTED, "yes")


def check_store(inventory: Inventory) -> None:
    """Return unless withdrawing what is missing would empty the index.

    Raises:
        EmptyStore: it would.
    """
    if inventory.has_files():
        return
    if any(catalogue.files(project.name) for project in catalogue.listed()):
        raise EmptyStore(
            "The store has no file at all while the catalogue lists some, as if a disk were not mounted or a bucket's "
            "name were wrong: nothing was changed. If the files are really gone, run again with --allow-empty-store."
        )
