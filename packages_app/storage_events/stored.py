"""The store's side of reconcile: distributions that nothing lists, strays, and what lies beside nothing."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.catalogue import read
from packages_app.catalogue.entries import Retired
from packages_app.catalogue.errors import FileDeleted
from packages_app.errors import PackagesError
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing, BlobTooLarge
from packages_app.metadata.attestations import LONGEST as LONGEST_ATTESTATIONS
from packages_app.metadata.errors import BadAttestations
from packages_app.storage_events import collect
from packages_app.storage_events.entries import Choices, Finding, Kind, Outcome, Progress
from packages_app.storage_events.inventory import Inventory, Stored
from packages_app.tables.errors import TableUnavailable
from packages_app.uploads.at_hand import at_hand
from packages_app.uploads.candidate import Candidate, Claims, Digests, Remote
from packages_app.uploads.errors import FileExists
from packages_app.uploads.publish import Outcome as Published
from packages_app.uploads.publish import publish
from packages_app.uploads.sessions.work import is_awaited

SETTLE_SECONDS = 5.0
"""How old bytes must be before they count as unlisted: an upload that put them lists them in less."""
PRINCIPAL = Principal(name="reconcile", trusted=True)


def compare(choices: Choices, inventory: Inventory, progress: Progress) -> Iterator[Finding]:
    """Go through what the catalogue does not know."""
    settle(inventory)
    names_unknown = inventory.count_unknown()
    for number, (filename, blobs) in enumerate(inventory.unknown(), 1):
        progress("unlisted names", number, names_unknown)
        yield from under_one_name(choices, filename, blobs)
    for blobs in inventory.orphans():
        yield from orphaned(choices, blobs)


def settle(inventory: Inventory) -> None:
    """Let uploads that have just put their bytes list them by themselves."""
    newest = inventory.newest_unknown()
    if newest is not None:
        age = (datetime.now(UTC) - newest).total_seconds()
        time.sleep(min(SETTLE_SECONDS, max(0.0, SETTLE_SECONDS - age)))


def under_one_name(choices: Choices, filename: str, blobs: Sequence[Stored]) -> Iterator[Finding]:
    """List the newest sound distribution of a name that is free; all others under the name are strays."""
    try:
        projects = [reading.project for reading in names.readings(filename)]
    except names.BadFilename as error:
        for stored in blobs:
            key = keys.blob(stored.sha256, filename)
            yield Finding(kind=Kind.FOREIGN, target=key, sentence=str(error), outcome=Outcome.LEFT)
        return
    filled = False
    for stored in blobs:
        rows = [read.file(project, filename) for project in projects]
        if any(row is not None and row.sha256 == stored.sha256 for row in rows):
            continue  # listed since the catalogue was gone through
        if filled or all(rows):
            yield from stray(choices, stored, projects)
            continue
        finding = unlisted(choices, stored)
        if finding is None:
            yield from stray(choices, stored, projects)
            continue
        yield finding
        # In a dry run the name stays free. When applied, the rows tell: an old sdist name can be of several projects.
        filled = filled or (finding.kind is Kind.UNLISTED and finding.outcome is Outcome.FOUND)


def unlisted(choices: Choices, stored: Stored) -> Finding | None:
    """List a distribution through the single way in, if its bytes are what its key says; None for a taken name."""
    target, sentence = stored.filename, f"its bytes {stored.sha256[:12]} are in the store and not listed"
    failed = Outcome.FAILED if choices.apply else Outcome.FOUND
    if any(is_awaited(reading.project, str(reading.version)) for reading in names.readings(stored.filename)):
        sentence = f"{sentence}; an upload session of its release lives, and lists it with the others"
        return Finding(kind=Kind.UNLISTED, target=target, sentence=sentence, outcome=Outcome.LEFT)
    outcome = Outcome.FOUND
    try:
        with at_hand(keys.blob(stored.sha256, stored.filename)) as (path, digests):
            if digests.sha256 != stored.sha256:
                sentence = f"its bytes are not those of its key, {stored.sha256[:12]}: they were damaged"
                return Finding(kind=Kind.CORRUPT, target=target, sentence=sentence, outcome=failed)
            if choices.apply:
                came = listed(stored, path, digests)
                # Unchanged: an upload, or another run of this, was first.
                outcome = Outcome.LEFT if came is Published.UNCHANGED else Outcome.MENDED
                sentence = f"{sentence}; {came.value}"
    except BlobMissing:
        return Finding(kind=Kind.UNLISTED, target=target, sentence="it went in the meantime", outcome=Outcome.LEFT)
    except (FileExists, FileDeleted):
        return None
    except TableUnavailable:
        raise
    except PackagesError as error:
        return Finding(kind=Kind.UNLISTED, target=target, sentence=f"{sentence}; {error}", outcome=Outcome.FAILED)
    return Finding(kind=Kind.UNLISTED, target=target, sentence=sentence, outcome=outcome)


def listed(stored: Stored, path: Path | Remote, digests: Digests) -> Published:
    """Publish what lies in the store already, with its attestations if they hold; return what came of it."""
    candidate = Candidate(
        filename=stored.filename,
        path=path,
        size=stored.size,
        digests=digests,
        principal=PRINCIPAL,
        source="reconcile",
        claims=Claims(attestations=kept_attestations(stored)),
        published_at=stored.modified,
        stored=True,
        may_replace=False,
    )
    try:
        return publish(candidate).outcome
    except BadAttestations:
        return publish(replace(candidate, claims=Claims())).outcome


def kept_attestations(stored: Stored) -> str:
    """Return the attestations beside a distribution; empty when there are none that can be read."""
    try:
        return store.read(keys.attestations(stored.sha256, stored.filename), LONGEST_ATTESTATIONS).decode()
    except (BlobMissing, BlobTooLarge, UnicodeDecodeError):
        return ""


def stray(choices: Choices, stored: Stored, projects: Sequence[str]) -> Iterator[Finding]:
    """Remove a distribution whose name is listed with other bytes, after the grace."""
    sentence = f"its bytes {stored.sha256[:12]} are not the listed ones"
    yield from removed(choices, (stored,), projects=projects, kind=Kind.STRAY, sentence=sentence)


def orphaned(choices: Choices, blobs: Sequence[Stored]) -> Iterator[Finding]:
    """Remove what lies beside a distribution that is not there, after the grace."""
    first = blobs[0]
    key = keys.blob(first.sha256, first.filename)
    try:
        projects = [reading.project for reading in names.readings(first.filename)]
    except names.BadFilename as error:
        yield Finding(kind=Kind.FOREIGN, target=key, sentence=str(error), outcome=Outcome.LEFT)
        return
    try:
        store.stat(key)
    except BlobMissing:
        sentence = f"its {' and '.join(blob.kind for blob in blobs)} lie in the store without it"
        yield from removed(choices, blobs, projects=projects, kind=Kind.ORPHAN, sentence=sentence)


def removed(
    choices: Choices,
    blobs: Sequence[Stored],
    *,
    projects: Sequence[str],
    kind: Kind,
    sentence: str,
) -> Iterator[Finding]:
    """Remove bytes that nothing lists, if they are old enough."""
    now, first = datetime.now(UTC), blobs[0]
    if now - max(blob.modified for blob in blobs) < choices.grace:
        return
    outcome = Outcome.FOUND
    if choices.apply:
        readings = [
            Retired(
                project=project,
                filename=first.filename,
                sha256=first.sha256,
                size=first.size,
                metadata_sha256="",
                metadata_size=0,
                retired_at=now,
            )
            for project in projects
        ]
        outcome = Outcome.MENDED if collect.unlisted(readings) else Outcome.LEFT
    yield Finding(kind=kind, target=first.filename, sentence=sentence, outcome=outcome)
