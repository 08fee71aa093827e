"""Files that are too large to be fetched while their client waits: a marker in the bucket has an event do it.

Nothing in a marker is believed: its key names a file, and whether that is to be had is decided anew from the page of
the upstream and from this index's rules. So whoever can write to the bucket gains nothing by one.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum

from packages_app.conf import options
from packages_app.errors import PackagesError, Unavailable
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.file_store import write as store
from packages_app.upstream import files, keep, kept_files
from packages_app.upstream.entries import Wanted

log = logging.getLogger(__name__)

WITHIN = 270.0
"""Seconds that fetching may take: a little less than the function may run."""


class Result(Enum):
    """What came of a marker."""

    DONE = "fetched"
    LEFT = "somebody else fetches it"
    NOTHING = "nothing is left to fetch"


def put(wanted: Wanted) -> None:
    """Have a file fetched after this request was answered, where events do such work; else it is not kept."""
    if options().background and kept_files.first_to_ask(wanted):
        store.put_bytes(keys.upstream_work(wanted.file.sha256, wanted.file.filename), b"")


def carry_out(key: str) -> Result:
    """Fetch the file that a marker stands for, and take the marker away; again is fine.

    Raises:
        Unavailable: upstream, catalogue or store cannot answer now; the marker stays, and the call may succeed later.
    """
    said = keys.upstream_work_of(key)
    if said is None:
        return Result.NOTHING
    try:
        result = fetched(*said)
    except Unavailable:
        raise
    except PackagesError as error:
        # Withheld, or other bytes than announced: trying again would change nothing.
        log.warning("%s was not fetched: %s", said[1], error)
        result = Result.NOTHING
    if result is not Result.LEFT:
        store.remove(key)
    return result


def fetched(sha256: str, filename: str) -> Result:
    """Fetch a file if it is to be had and not kept yet."""
    wanted = files.locate(sha256, filename, lambda _: True)
    if not isinstance(wanted, Wanted):
        return Result.NOTHING
    found, token = keep.begin(wanted)
    if found is not None:
        return Result.NOTHING
    if token is None:
        return Result.LEFT
    keep.fetch(wanted, token, within=WITHIN)
    return Result.DONE


def left(older_than: timedelta) -> Iterator[str]:
    """Yield the keys of markers that nobody has taken away for so long."""
    for blob in stored.walk(f"{keys.WORK}/{keys.UPSTREAM}"):
        if datetime.now(UTC) - blob.modified >= older_than:
            yield blob.key
