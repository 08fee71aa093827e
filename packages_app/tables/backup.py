"""Writes every item of the table to a file, and puts them back: the catalogue, the audit trail, accounts and sessions.

The file is compressed, one item a line as DynamoDB's own exports have it, between a first line that says what it is
and a last one with the count and the digest of the items: a file that was cut off is told from a whole one. Each item
is as it was when it was read; what changes meanwhile may be in the old or in the new state.
"""

import base64
import gzip
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from pynamodb.pagination import ResultIterator

from packages_app.tables.base import TableModel, table_connection
from packages_app.tables.errors import BadBackup, TableNotEmpty
from packages_app.tables.outcomes import reported

KIND, VERSION = "elastic-pypi-backup", 1
BATCH = 25
"""Items that DynamoDB takes in one request."""
EXPIRES = TableModel.expires.attr_name
UNREADABLE = (OSError, EOFError, ValueError, AttributeError, TypeError)
"""What reading raises on what is no gzip, no JSON, or JSON of another shape."""
CUT_OFF = "This backup is cut off or damaged: nothing was restored; take another one."

Item = dict[str, Any]
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Say nothing."""
    del stage, done, total


def write(stream: IO[bytes], progress: Progress = silent) -> int:
    """Write every item to a binary stream, and return how many there are.

    Raises:
        TableUnavailable: the table cannot answer.
    """
    count, digest = 0, hashlib.sha256()
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as packed:
        packed.write(line({"kind": KIND, "version": VERSION}))
        for item in everything():
            text = line({"item": in_json(item)})
            digest.update(text)
            packed.write(text)
            count += 1
            progress("items", count, 0)
        packed.write(line({"items": count, "sha256": digest.hexdigest()}))
    return count


def restore(path: Path, *, into_existing: bool = False, progress: Progress = silent) -> int:
    """Put the items of a backup into the table, and return how many; the file is read through before anything is put.

    Items that have expired since are left out. ``into_existing`` lets them replace items of the same keys in a table
    that has some; its other items stay.

    Raises:
        BadBackup: the file is no whole backup.
        TableNotEmpty: the table has items, and nobody said that this is meant.
        TableUnavailable: the table cannot answer; what was put stays, and the same restore can be run again.
    """
    total = sum(1 for _ in items(path))
    if not into_existing and next(everything(page=1), None) is not None:
        raise TableNotEmpty(
            "The table has items: restore into an empty one, or let the backup's replace those of the same keys with "
            "--into-existing."
        )
    done = 0
    living = (item for item in items(path) if not has_expired(item))
    while batch := list(islice(living, BATCH)):
        with reported():
            table_connection().batch_write_item(put_items=batch)
        done += len(batch)
        progress("items", done, total)
    return done


def everything(page: int | None = None) -> Iterator[Item]:
    """Yield every item with its types, consistently read; ``page`` is how many are asked for at once."""
    given: dict[str, Any] = {"consistent_read": True}
    if page is not None:
        given["limit"] = page
    with reported():
        yield from ResultIterator(table_connection().scan, (), given)


def items(path: Path) -> Iterator[Item]:
    """Yield the items of a backup, and check at its end that it is whole.

    Raises:
        BadBackup: it is not, or the file is something else.
    """
    count, digest = 0, hashlib.sha256()
    try:
        with gzip.open(path, "rb") as packed:
            first = json.loads(packed.readline() or b"null")
            if not isinstance(first, dict) or first.get("kind") != KIND or first.get("version") != VERSION:
                raise BadBackup("This file is no backup that this version of `manage.py backup` made.")
            for text in packed:
                found = json.loads(text)
                if "item" not in found:
                    if found != {"items": count, "sha256": digest.hexdigest()}:
                        raise BadBackup(CUT_OFF)
                    return
                digest.update(text)
                count += 1
                yield from_json(found["item"])
    except UNREADABLE as error:
        if isinstance(error, FileNotFoundError):
            raise BadBackup("There is no such file.") from error
        raise BadBackup(CUT_OFF) from error
    raise BadBackup(CUT_OFF)


def has_expired(item: Item) -> bool:
    """Return whether an item would be gone by now."""
    moment = item.get(EXPIRES, {}).get("N")
    return moment is not None and float(moment) < time.time()


def line(document: object) -> bytes:
    """Return a document as one line of JSON."""
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def in_json(item: Any) -> Any:  # noqa: ANN401 - DynamoDB's JSON, of any depth
    """Return values as JSON can hold them: bytes in Base64, as DynamoDB's own exports have them."""
    if isinstance(item, bytes):
        return base64.b64encode(item).decode()
    if isinstance(item, dict):
        return {name: in_json(value) for name, value in item.items()}
    return [in_json(value) for value in item] if isinstance(item, list) else item


def from_json(item: Any) -> Any:  # noqa: ANN401 - DynamoDB's JSON, of any depth
    """Return values as they were; the reverse of `in_json`."""
    return {name: typed(value) for name, value in item.items()}


def typed(value: dict[str, Any]) -> dict[str, Any]:
    """Return one typed value with its bytes as bytes."""
    ((kind, inner),) = value.items()
    if kind == "B":
        return {kind: base64.b64decode(inner, validate=True)}
    if kind == "BS":
        return {kind: [base64.b64decode(each, validate=True) for each in inner]}
    if kind == "M":
        return {kind: from_json(inner)}
    return {kind: [typed(each) for each in inner]} if kind == "L" else {kind: inner}
