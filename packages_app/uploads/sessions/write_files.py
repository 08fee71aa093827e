"""Changes the files of sessions; every change is conditional on what it changes from, most on an open session too."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from packages_app.catalogue.read import microseconds
from packages_app.tables.conditional import updated
from packages_app.uploads.candidate import Digests
from packages_app.uploads.check import Checked
from packages_app.uploads.sessions.entries import LEASE, LONGEST_LIFE, RETENTION, FileStatus, SessionFile
from packages_app.uploads.sessions.models import SessionFileRow, SessionRow, file_key, partition
from packages_app.uploads.sessions.read import lapsed
from packages_app.uploads.sessions.write import alive, refused


def begin_file(file: SessionFile) -> tuple[bool, bool]:
    """Put a file into an open session; returns whether the session was open, and whether the name was free in it."""
    row = SessionFileRow(
        partition(file.session),
        file_key(file.filename),
        size=file.size,
        hashes=hashes_of(file),
        mechanism=file.mechanism.value,
        status=file.status.value,
        part_size=file.part_size or None,
        # No session outlives this, so that no file goes before its session, whatever extends it.
        expires=datetime.now(UTC) + LONGEST_LIFE + 2 * RETENTION,
    )
    free = SessionFileRow.pk.does_not_exist() | SessionFileRow.status.is_in(
        FileStatus.CANCELED.value, FileStatus.ERROR.value
    )

    def both(transaction: TransactWrite) -> None:
        transaction.condition_check(SessionRow, partition(file.session), "#", alive())
        transaction.save(row, free)

    failed = refused(both)
    return (not failed[0], not failed[1]) if failed else (True, True)


def note_received(file: SessionFile, digests: Digests) -> bool:
    """Keep what was computed of the bytes as they came in; False when the file does not wait for them any more."""
    return updated(
        file_row(file),
        [SessionFileRow.received.set(json.dumps(asdict(digests)))],
        waits(file),
    )


def note_upload(file: SessionFile, upload: str) -> bool:
    """Keep the store's name for a file's parts; False when somebody else did, or the file does not wait for them."""
    known: Condition = SessionFileRow.upload == file.upload if file.upload else SessionFileRow.upload.does_not_exist()
    return updated(
        file_row(file),
        [SessionFileRow.upload.set(upload)],
        waits(file) & known,
    )


def note_attested(file: SessionFile) -> bool:
    """Keep that attestations came; False when the file does not wait for them any more."""
    return updated(file_row(file), [SessionFileRow.attested.set(True)], waits(file))


def claim_file(file: SessionFile, hold: timedelta = LEASE) -> SessionFile | None:
    """Begin to check a file of an open session, and return it claimed; None when it does not wait for that.

    Only with the claim can the check end: who outlived the hold must not end the check of a file announced anew.
    """
    claim = secrets.token_hex(8)
    stuck = (SessionFileRow.status == FileStatus.PROCESSING.value) & (SessionFileRow.held_until < lapsed())
    actions = [*begun(hold), SessionFileRow.claim.set(claim), SessionFileRow.attempts.add(1)]
    is_claimed = changed_within(file, actions, waits(file) | (stuck & is_as_announced(file)))
    return replace(file, claim=claim) if is_claimed else None


def queue_file(file: SessionFile) -> bool:
    """Let a file wait for whoever checks it after this answer; False when it does not wait for that any more."""
    return changed_within(file, begun(timedelta(0)), waits(file))


def begun(hold: timedelta) -> list[Action]:
    """Return what changes when the check of a file begins."""
    return [
        SessionFileRow.status.set(FileStatus.PROCESSING.value),
        SessionFileRow.held_until.set(microseconds(datetime.now(UTC) + hold)),
        SessionFileRow.progress.remove(),
    ]


def hold_file(file: SessionFile, until: timedelta, *, progress: int) -> bool:
    """Say until when, from now, a claimed file is being checked, and how far that is; False when the claim is lost."""
    actions = [
        SessionFileRow.held_until.set(microseconds(datetime.now(UTC) + until)),
        SessionFileRow.progress.set(progress),
    ]
    return updated(file_row(file), actions, is_claimed_by(file))


def let_go_file(file: SessionFile) -> bool:
    """Let a file wait for the next who checks it: this time could not count, as table or store did not answer."""
    actions = [
        SessionFileRow.held_until.set(microseconds(datetime.now(UTC))),
        SessionFileRow.attempts.set(file.attempts),
    ]
    return updated(file_row(file), actions, is_claimed_by(file))


def revive_file(file: SessionFile) -> bool:
    """Say that a check which lapsed is begun anew; False when somebody else said so, or checks the file."""
    known = SessionFileRow.held_until == microseconds(file.held_until)
    actions = [SessionFileRow.held_until.set(microseconds(datetime.now(UTC)))]
    return updated(file_row(file), actions, (SessionFileRow.status == FileStatus.PROCESSING.value) & known)


def release_file(file: SessionFile) -> bool:
    """Let a file wait again, after its check could not be carried out."""
    return updated(
        file_row(file),
        [
            SessionFileRow.status.set(FileStatus.PENDING.value),
            SessionFileRow.held_until.remove(),
            SessionFileRow.attempts.remove(),
        ],
        is_claimed_by(file),
    )


def complete_file(file: SessionFile, checked: Checked) -> bool:
    """Keep what a claimed file's check found; False when the claim is lost."""
    kept = asdict(checked.file)
    del kept["upload_time"]  # the moment when the session is published
    actions = [
        SessionFileRow.status.set(FileStatus.COMPLETED.value),
        SessionFileRow.checked.set(json.dumps(kept, sort_keys=True)),
        SessionFileRow.display_name.set(checked.display_name),
    ]
    return updated(file_row(file), actions, is_claimed_by(file))


def refuse_file(file: SessionFile, sentence: str) -> bool:
    """Keep why a claimed file's check refused it; False when the claim is lost."""
    actions = [SessionFileRow.status.set(FileStatus.ERROR.value), SessionFileRow.notice.set(sentence)]
    return updated(file_row(file), actions, is_claimed_by(file))


def cancel_file(file: SessionFile) -> bool:
    """Take a file out of an open session; False when it is being checked, or the session is not open any more."""
    stuck = (SessionFileRow.status == FileStatus.PROCESSING.value) & (SessionFileRow.held_until < lapsed())
    at_rest = SessionFileRow.pk.exists() & (SessionFileRow.status != FileStatus.PROCESSING.value)
    return changed_within(file, [SessionFileRow.status.set(FileStatus.CANCELED.value)], at_rest | stuck)


def changed_within(file: SessionFile, actions: Sequence[Action], condition: Condition) -> bool:
    """Change a file, provided its session is open; False when that, or the condition, does not hold."""

    def both(transaction: TransactWrite) -> None:
        transaction.condition_check(SessionRow, partition(file.session), "#", alive())
        transaction.update(file_row(file), list(actions), condition=condition)

    return not refused(both)


def waits(file: SessionFile) -> Condition:
    """Return the condition that a file waits for what is sent of it, and is the same that was announced."""
    condition: Condition = (SessionFileRow.status == FileStatus.PENDING.value) & is_as_announced(file)
    return condition


def is_as_announced(file: SessionFile) -> Condition:
    """Return the condition that nobody announced other bytes under the file's name since it was read."""
    condition: Condition = SessionFileRow.hashes == hashes_of(file)
    return condition


def is_claimed_by(file: SessionFile) -> Condition:
    """Return the condition that a file is being checked by whoever has this claim."""
    condition: Condition = (SessionFileRow.status == FileStatus.PROCESSING.value) & (SessionFileRow.claim == file.claim)
    return condition


def hashes_of(file: SessionFile) -> str:
    """Return the announced digests as the row has them."""
    return json.dumps(dict(file.hashes), sort_keys=True)


def file_row(file: SessionFile) -> SessionFileRow:
    """Return a file's key as an item."""
    return SessionFileRow(partition(file.session), file_key(file.filename))
