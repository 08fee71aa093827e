"""Reconcile's look at the bucket's incoming area: takes up what no event took up."""

from collections.abc import Iterator

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.errors import Unavailable
from packages_app.file_store import keys
from packages_app.file_store.bucket import Bucket, own
from packages_app.storage_events.arrive import Result, arrive
from packages_app.storage_events.entries import Choices, Finding, Kind, Outcome, Progress
from packages_app.tables.errors import TableUnavailable

OUTCOMES = {
    Result.PUBLISHED: Outcome.MENDED,
    Result.UNCHANGED: Outcome.MENDED,
    Result.REFUSED: Outcome.FAILED,
    Result.UNKNOWN: Outcome.LEFT,
    Result.GONE: Outcome.LEFT,
}


def take_up(choices: Choices, progress: Progress) -> Iterator[Finding]:
    """Publish what lies in the incoming area, as an event does; a page of its listing at a time."""
    bucket = own()
    if bucket is None:  # in one folder there is no such area: `manage.py upload` is as near
        return
    for number, found in enumerate(bucket.walk(f"{keys.INCOMING}/"), 1):
        progress("incoming files", number, 0)
        if not found.key.endswith("/"):  # consoles make empty objects of such names for folders
            yield applied(bucket, found.key) if choices.apply else seen(found.key)


def seen(key: str) -> Finding:
    """Tell of an object, for a dry run."""
    try:
        names.readings(key.rpartition("/")[2])
    except names.BadFilename as error:
        return Finding(kind=Kind.INCOMING, target=key, sentence=str(error), outcome=Outcome.LEFT)
    return Finding(kind=Kind.INCOMING, target=key, sentence="it waits to be published")


def applied(bucket: Bucket, key: str) -> Finding:
    """Take an object up; a store that fails at one of them must not keep the others waiting."""
    try:
        arrival = arrive(bucket, key, principal=Principal(name="reconcile", trusted=True), source="reconcile")
    except TableUnavailable:
        raise
    except Unavailable as error:
        return Finding(kind=Kind.INCOMING, target=key, sentence=str(error), outcome=Outcome.FAILED)
    return Finding(kind=Kind.INCOMING, target=key, sentence=arrival.sentence, outcome=OUTCOMES[arrival.result])
