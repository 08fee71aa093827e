"""The catalogue's side of reconcile: files without bytes, files without what lies beside them, retired bytes."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from packages_app.catalogue import read
from packages_app.catalogue.entries import Change, File, Retired
from packages_app.catalogue.errors import Busy, FileChanged
from packages_app.catalogue.read import microseconds
from packages_app.catalogue.removal import forget
from packages_app.discovery import describe, index
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import BlobMissing, StoreUnavailable, reported
from packages_app.storage_events import collect, sidecars
from packages_app.storage_events.entries import Choices, Finding, Kind, Outcome, Progress
from packages_app.storage_events.inventory import Inventory
from packages_app.storage_events.withdraw import withdraw_lost

RECONCILE = Change(actor="reconcile", source="reconcile")


def compare(choices: Choices, inventory: Inventory, progress: Progress) -> Iterator[Finding]:
    """Go through the catalogue, and mark in the inventory what it knows."""
    for number, listed in enumerate(read.listed(), 1):
        progress("projects", number, 0)
        if inventory.is_compared(listed.name):
            continue
        # Retired rows first: what is published anew between the two reads is then found among the files.
        for retired in read.retired(listed.name):
            inventory.know(retired.sha256, retired.filename)
            yield from collected(choices, retired)
        for file in read.files(listed.name):
            size = inventory.size(file.sha256, file.filename)
            inventory.know(file.sha256, file.filename)
            finding = None if size == file.size else missing(choices, file)
            if finding is not None:
                yield finding
            else:
                yield from beside(choices, file)
        yield from described(choices, listed.name)
        inventory.compared(listed.name)
    yield from gone(choices, inventory)


def described(choices: Choices, name: str) -> Iterator[Finding]:
    """Describe a project anew that a change was not followed by, as somebody was killed over it."""
    found = read.project(name)
    if found is None or describe.is_current(found):
        return
    outcome = Outcome.FOUND
    if choices.apply:
        describe.describe(name)
        outcome = Outcome.MENDED
    yield Finding(
        kind=Kind.OUTDATED, target=name, sentence="lists and search show it as it was before", outcome=outcome
    )


def gone(choices: Choices, inventory: Inventory) -> Iterator[Finding]:
    """Go through the retired bytes of deleted projects, and strike those that have none left from the list."""
    for name in read.deleted():
        looked = microseconds(datetime.now(UTC))
        if read.project(name) is None:  # else its name was taken again, and it was gone through with the listed ones
            for retired in read.retired(name):
                inventory.know(retired.sha256, retired.filename)
                yield from collected(choices, retired)
            if read.retired(name):
                continue
        if choices.apply:
            index.remove(name)
            forget(name, deleted_before=looked)


def collected(choices: Choices, retired: Retired) -> Iterator[Finding]:
    """Remove retired bytes after the grace; those that a killed run had claimed are taken up at once."""
    if not retired.claimed and datetime.now(UTC) - retired.retired_at < choices.grace:
        return
    outcome, sentence = Outcome.FOUND, f"its bytes {retired.sha256[:12]} are not listed any more"
    if choices.apply:
        outcome = Outcome.MENDED if collect.retired(retired) else Outcome.LEFT
    yield Finding(kind=Kind.RETIRED, target=retired.filename, sentence=sentence, outcome=outcome)


def missing(choices: Choices, file: File) -> Finding | None:
    """Withdraw a listed file that cannot be downloaded; None when it can after all, or is not listed any more.

    The listing of the store is older than the row, so both are asked again.
    """
    try:
        size = store.stat(keys.blob(file.sha256, file.filename)).size
        sentence = f"its bytes are {size} where {file.size} were published"
    except BlobMissing:
        size, sentence = -1, "its bytes are not in the store"
    current = read.file(file.project, file.filename)
    if size == file.size or current is None or current.sha256 != file.sha256:
        return None
    outcome = Outcome.FOUND
    if choices.apply:
        outcome, why = withdrawn(file)
        sentence = f"{sentence}; {why}"
    return Finding(kind=Kind.MISSING, target=file.filename, sentence=sentence, outcome=outcome)


def withdrawn(file: File) -> tuple[Outcome, str]:
    """Withdraw a file; what somebody changed in the meantime is left to the next run."""
    try:
        is_withdrawn = withdraw_lost(file, RECONCILE)
    except FileChanged:
        return Outcome.LEFT, "it changed in the meantime"
    except Busy as error:
        return Outcome.FAILED, str(error)
    return (Outcome.MENDED, "withdrawn") if is_withdrawn else (Outcome.LEFT, "they came back in the meantime")


def beside(choices: Choices, file: File) -> Iterator[Finding]:
    """Write the .metadata or .pkg-info anew where it is lost; attestations cannot be made anew."""
    for key in sidecars.wrong(file):
        said = keys.parse(key)
        what = f".{said.kind}" if said is not None and said.kind != "attestations" else "attestations"
        current = read.file(file.project, file.filename)
        if current is None or current.sha256 != file.sha256:  # replaced, and its bytes collected, in the meantime
            continue
        sentence, outcome = f"its {what} are missing or damaged", Outcome.FOUND
        if choices.apply:
            outcome = rewritten(file) if what != "attestations" else Outcome.FAILED
        if outcome is Outcome.FAILED:
            sentence = f"{sentence} and cannot be made anew"
        yield Finding(kind=Kind.SIDECAR, target=file.filename, sentence=sentence, outcome=outcome)


def rewritten(file: File) -> Outcome:
    """Write what a distribution says of itself beside it, byte for byte as it was published."""
    try:
        with store.open(keys.blob(file.sha256, file.filename)) as opened, reported():
            document = sidecars.document(file, opened)
    except (BlobMissing, StoreUnavailable):
        return Outcome.FAILED
    expected = file.metadata_sha256 or file.pkg_info_sha256
    if document is None or hashlib.sha256(document).hexdigest() != expected:
        return Outcome.FAILED
    store_write.put_bytes(keys.blob(file.sha256, file.filename) + keys.document(file.filename), document)
    return Outcome.MENDED
