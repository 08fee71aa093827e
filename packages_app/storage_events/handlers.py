"""The functions that Lambda calls for events of the bucket; their dotted paths are part of a deployment, and stay."""

import logging
from collections import Counter
from typing import Any

from packages_app.accounts.entries import Principal
from packages_app.audit.entries import Event
from packages_app.audit.write import record
from packages_app.catalogue.entries import Change
from packages_app.file_store import keys
from packages_app.file_store.bucket import Bucket, own
from packages_app.storage_events.arrive import Result, arrive, is_incoming
from packages_app.storage_events.notices import Happening, Notice, Unreadable, notices
from packages_app.storage_events.vanish import vanish
from packages_app.uploads.sessions.work import carry_out

log = logging.getLogger(__name__)

ACTOR = "bucket"
SOURCE = "event"


def objects_changed(event: Any, context: object) -> dict[str, int]:  # noqa: ANN401 - Lambda's call; S3's JSON, or anything
    """Bring the catalogue up to what happened in the bucket, and return how often which thing came of it.

    Every record is handled, whatever becomes of the others. What could not be handled because catalogue or store did
    not answer is raised at the end: Lambda then sends the whole event again, and what was done is found done.

    Raises:
        Unavailable: catalogue or store cannot answer now.
    """
    del context
    bucket = own()
    counts: Counter[str] = Counter()
    failures: list[Exception] = []
    for told in notices(event):
        try:
            counts[handled(bucket, told)] += 1
        except Exception as error:  # raised below, after the other records had their turn
            log.exception("An event of the bucket could not be handled now: %s", told)
            failures.append(error)
    if failures:
        raise failures[0]
    return dict(counts)


def handled(bucket: Bucket | None, told: Notice | Unreadable) -> str:
    """Do what one record calls for, and return in a word what that was.

    Raises:
        Unavailable: catalogue or store cannot answer now.
    """
    if isinstance(told, Unreadable):
        return ignored(told.sentence)
    key = bucket.inside(told.key) if bucket is not None and bucket.name == told.bucket else None
    if bucket is None or key is None:
        log.info("An event of another bucket or prefix was ignored: %a in %a", told.key, told.bucket)
        return "ignored"
    if told.happening is Happening.CREATED:
        return created(bucket, key, told.address)
    return removed(key, told.address)


def created(bucket: Bucket, key: str, address: str) -> str:
    """Publish what somebody put into the bucket; of what the index put there itself, only markers of work are news."""
    if keys.work_of(key) is not None:
        result = carry_out(key)
        log.info("%a: %s", key, result.value)
        return result.value
    if keys.upstream_work_of(key) is not None:
        return fetched(key)
    if key.partition("/")[0] in keys.RESERVED or key.endswith("/"):  # consoles make empty objects "folder/"
        return "own"
    arrival = arrive(bucket, key, principal=Principal(name=ACTOR, address=address, trusted=True), source=SOURCE)
    log.info("%a: %s: %s", key, arrival.result.value, arrival.sentence)
    # Whatever else people keep in the bucket is theirs, and could fill the audit trail: the log has it.
    if arrival.result is Result.GONE or (arrival.result is Result.UNKNOWN and is_incoming(key)):
        ignored(arrival.sentence, target=key, address=address)
    return arrival.result.value


def fetched(key: str) -> str:
    """Fetch the file of another index that a marker is for."""
    from packages_app.upstream import aside  # noqa: PLC0415 - only where there is an index behind this one

    result = aside.carry_out(key)
    log.info("%a: %s", key, result.value)
    return result.value


def removed(key: str, address: str) -> str:
    """Withdraw a file whose bytes are gone."""
    if not vanish(key, Change(actor=ACTOR, address=address, source=SOURCE)):
        return "own"
    log.warning("%a was removed from the bucket: its file is withdrawn", key)
    return "withdrawn"


def ignored(reason: str, *, target: str = "", address: str = "") -> str:
    """Keep in the log and the audit trail that nothing was done, and why."""
    log.warning("An event of the bucket was ignored: %s %a", reason, target)
    record(
        Event(
            action="event.ignore",
            actor=ACTOR,
            address=address,
            source=SOURCE,
            target=target[:1024],
            after={"reason": reason},
        )
    )
    return "ignored"
