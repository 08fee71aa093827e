"""Takes up a file that somebody put into the bucket: publishes it like an upload, and clears the incoming area.

The object is read as it is now, never as an event tells it. So the order in which events come does not matter, and an
event that comes twice finds the file published and its object gone:

- published: the object goes from the incoming area; elsewhere in the bucket it belongs to somebody else, and stays;
- refused: it is moved from the incoming area to ``refused/``; elsewhere it stays; the reason is in the audit trail;
- no distribution by its name: it stays where it is.

Of a large file only what tells of it is read, after its digest, and S3 copies the bytes: memory and disk stay small.

Killed at any point, the next event or ``reconcile`` begins anew: bytes that are stored already are stored again, a
file that is listed already is unchanged, and what is left to do is to clear the object away.
"""

from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.audit.entries import Event
from packages_app.audit.write import record
from packages_app.conf import options
from packages_app.errors import PackagesError, Unavailable
from packages_app.file_store import keys
from packages_app.file_store.bucket import Bucket, Object
from packages_app.file_store.errors import BlobMissing, ObjectChanged
from packages_app.metadata.errors import UnsoundArchive
from packages_app.storage_events.in_bucket import in_hand
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.check import too_large
from packages_app.uploads.publish import Outcome, publish


class Result(Enum):
    """What became of an object."""

    PUBLISHED = "published"
    UNCHANGED = "already published"
    REFUSED = "refused"
    UNKNOWN = "no distribution"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An object that was looked at, and what became of it."""

    key: str
    result: Result
    sentence: str


def arrive(bucket: Bucket, key: str, *, principal: Principal, source: str) -> Arrival:
    """Publish the object of this key, and clear it away if it lies in the incoming area.

    Raises:
        Unavailable: catalogue or store cannot answer now; nothing is lost, and the same call may succeed later.
    """
    filename = key.rpartition("/")[2]
    try:
        names.readings(filename)
    except names.BadFilename as error:
        return Arrival(key=key, result=Result.UNKNOWN, sentence=str(error))
    try:
        found = bucket.look(key)
        try:
            outcome = taken(bucket, found, filename=filename, principal=principal, source=source)
        except (Unavailable, BlobMissing, ObjectChanged):
            raise
        except PackagesError as error:
            return refused(bucket, found, error, principal=principal, source=source)
    except BlobMissing:
        return Arrival(key=key, result=Result.GONE, sentence="it is not in the bucket any more")
    except ObjectChanged:
        sentence = "it was replaced while it was read; the newer one is looked at by itself"
        return Arrival(key=key, result=Result.GONE, sentence=sentence)
    result = Result.UNCHANGED if outcome is Outcome.UNCHANGED else Result.PUBLISHED
    return Arrival(key=key, result=result, sentence=f"{outcome.value}; {cleared(bucket, found)}")


def taken(bucket: Bucket, found: Object, *, filename: str, principal: Principal, source: str) -> Outcome:
    """Publish an object's bytes, and return what came of it.

    Raises:
        PackagesError: every reason for which an upload is refused.
        BlobMissing: it went in the meantime.
        ObjectChanged: it was replaced while it was read.
    """
    if found.size > options().max_upload_bytes:  # before a byte of it is fetched
        raise too_large()
    if not found.size:
        raise UnsoundArchive("The file is empty.")
    with in_hand(bucket, found) as (path, digests):
        candidate = Candidate(
            filename=filename,
            path=path,
            whole=isinstance(path, Path),
            size=found.size,
            digests=digests,
            principal=principal,
            source=source,
            # What stays in the bucket could be taken up again long after somebody else replaced the file.
            may_replace=is_incoming(found.key),
        )
        return publish(candidate).outcome


def refused(bucket: Bucket, found: Object, error: PackagesError, *, principal: Principal, source: str) -> Arrival:
    """Keep the reason in the audit trail, and then move the object aside: killed in between, both happen again."""
    filename = found.key.rpartition("/")[2]
    record(
        Event(
            action="file.refuse",
            actor=principal.name,
            address=principal.address,
            source=source,
            target=filename,
            after={"code": error.code, "reason": str(error), "key": found.key},
        )
    )
    sentence = str(error)
    if is_incoming(found.key):
        try:
            bucket.move(found, f"{keys.REFUSED}/{filename}")
            sentence = f"{sentence} It is now {keys.REFUSED}/{filename}."
        except BlobMissing:
            sentence = f"{sentence} It is not in the bucket any more."
        except ObjectChanged:
            sentence = f"{sentence} It was replaced meanwhile; the newer one is looked at by itself."
    return Arrival(key=found.key, result=Result.REFUSED, sentence=sentence)


def cleared(bucket: Bucket, found: Object) -> str:
    """Remove a published object from the incoming area, and say so; one that was replaced meanwhile stays."""
    if not is_incoming(found.key):
        return "the object outside the incoming area is left where it is"
    try:
        with suppress(BlobMissing):
            bucket.remove(found)
    except ObjectChanged:
        return "the object was replaced meanwhile, and the newer one is looked at by itself"
    return "the object was removed"


def is_incoming(key: str) -> bool:
    """Return whether an object lies in the incoming area."""
    return key.startswith(f"{keys.INCOMING}/")
