"""Reads publishers: one by its id, those of a pipeline's repository, and lists of them by pages."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from operator import attrgetter
from typing import Any

from packages_app.accounts.models import PUBLISHERS
from packages_app.accounts.publishers.entries import Page, Pipeline, Publisher
from packages_app.accounts.publishers.kinds import KINDS
from packages_app.accounts.publishers.models import PublisherRow, publishers_at
from packages_app.catalogue.read import moment
from packages_app.tables.base import plain, plain_item, plain_lookup, plain_query
from packages_app.tables.outcomes import reported

PAGE = 50
LONGEST_CURSOR = 100
MOST = 1000
"""Publishers of one repository: no more are made, and as many are looked at."""


def publisher(id_: str) -> Publisher | None:
    """Return a publisher, by one read."""
    with reported():
        row = plain_item(PUBLISHERS, id_)
    return None if row is None else as_publisher(row)


def named(ids: Iterable[str]) -> list[Publisher]:
    """Return those of these publishers that there are, in the order of their ids, by one request for a hundred."""
    keys = [(PUBLISHERS, id_) for id_ in dict.fromkeys(ids)]
    if not keys:
        return []
    with reported():
        found = [as_publisher(plain(row.serialize())) for row in PublisherRow.batch_get(keys, consistent_read=True)]
    return sorted(found, key=attrgetter("id"))


def publishers_of(issuer: str, place: str) -> list[Publisher]:
    """Return the publishers that an issuer speaks of under a name; one that was made this moment may be missing."""
    with reported():
        return [as_publisher(row) for row in islice(plain_lookup(publishers_at(issuer, place)), MOST)]


def publishers(after: str = "") -> Iterator[Publisher]:
    """Yield the publishers behind an id in the order of their ids, page by page."""
    sought = PublisherRow.sk > after[:LONGEST_CURSOR] if after else None
    with reported():
        for row in plain_query(PUBLISHERS, sought, limit=PAGE):
            yield as_publisher(row)


def page(after: str = "", size: int = PAGE) -> Page:
    """Return publishers from a cursor on."""
    found = list(islice(publishers(after), size + 1))
    return Page(publishers=tuple(found[:size]), next=found[size - 1].id if len(found) > size else "")


def as_publisher(row: Mapping[str, Any]) -> Publisher:
    """Return a publisher's item, as plain values, as other packages see it."""
    pipeline = Pipeline(kind=row["kind"], issuer=row["issuer"], fields=json.loads(row["fields"]))
    return Publisher(
        id=row["sk"],
        pipeline=pipeline,
        about=about(pipeline),
        creator=row.get("creator", ""),
        created=moment(int(row["created_at"])),
        pinned=row.get("pinned", ""),
        last_used=moment(int(row["used_at"])) if "used_at" in row else None,
    )


def about(pipeline: Pipeline) -> str:
    """Return a pipeline in a few words: its service, and its fields in their order."""
    found = KINDS.get(pipeline.kind)  # one that a later version made may be of a kind unknown here
    if found is None:
        return pipeline.kind
    first, *others = (field.name for field in found.fields)
    said = [f"{name} {pipeline.fields[name]}" for name in others if name in pipeline.fields]
    return ", ".join([f"{found.title}: {pipeline.fields.get(first, '')}", *said])
