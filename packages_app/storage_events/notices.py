"""Reads S3's event notifications: what happened to which key; what has another shape is told apart, never guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import unquote_plus


class Happening(Enum):
    """What a notification tells; the values are how S3's names of events begin."""

    CREATED = "ObjectCreated:"
    REMOVED = "ObjectRemoved:"
    EXPIRED = "LifecycleExpiration:"
    """Removed too, by a lifecycle rule of the bucket."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One record of a notification."""

    happening: Happening
    bucket: str
    key: str
    """As it is in the bucket: S3 writes keys as forms do, ``+`` for a space, on every kind of event."""
    address: str
    """Where the request came from; empty when S3 did it by itself."""


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Something that is no notification about an object."""

    sentence: str


def notices(event: Any) -> Iterator[Notice | Unreadable]:  # noqa: ANN401 - whatever was sent to the function
    """Yield every record of an event, in its order; S3's test of a new configuration has none."""
    if isinstance(event, dict) and event.get("Event") == "s3:TestEvent":
        return
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not records:
        yield Unreadable(sentence="the event has no records")
        return
    for record in records:
        yield notice(record)


def notice(record: Any) -> Notice | Unreadable:  # noqa: ANN401 - whatever was sent to the function
    """Return what a record says."""
    try:
        name, told = record["eventName"], record["s3"]
        bucket, key = told["bucket"]["name"], told["object"]["key"]
    except (KeyError, TypeError, IndexError):
        return Unreadable(sentence="a record has another shape than S3's")
    if not (isinstance(name, str) and isinstance(bucket, str) and isinstance(key, str) and key):
        return Unreadable(sentence="a record has another shape than S3's")
    for happening in Happening:
        if name.removeprefix("s3:").startswith(happening.value):
            address = (record.get("requestParameters") or {}).get("sourceIPAddress") or ""
            return Notice(happening=happening, bucket=bucket, key=unquote_plus(key), address=str(address))
    return Unreadable(sentence=f"nothing is done about {name[:80]!a}")
