"""Counts downloads in memory, and adds them to the table now and then: no request waits for a write of its own.

Each process adds what it counted after the answer of the first request that ends ``INTERVAL`` seconds after the last
time, or as soon as it has ``MOST`` counts, and when it ends in good order. Lost is what a process counted since the
last time that is killed, or a Lambda that is let go of. When the table does not answer, the counts are kept for the
next time; where only its answer was lost, they may be added twice.
"""

import atexit
import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Lock

from django.core.signals import request_finished, setting_changed
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from packages_app.conf import options
from packages_app.downloads.models import VERSION, DownloadsRow, partition
from packages_app.errors import PackagesError, Unavailable
from packages_app.tables.base import connection
from packages_app.tables.outcomes import is_conflict, reported

log = logging.getLogger(__name__)

INTERVAL = 60.0
MOST = 1000
MOST_KEPT = 20_000
"""Projects, versions and days that are kept for a table that does not answer; what is beyond is lost."""
TOGETHER = 25
"""Days of projects that one transaction writes."""
MOST_VERSIONS = 150
"""Versions that one update of a day counts: DynamoDB takes expressions of 4 KB."""
ATTEMPTS = 5
KEPT = timedelta(days=731)

Key = tuple[str, str, str]
"""Project, day, version."""


class Counts:
    """What a process counted and did not write yet; safe for threads."""

    def __init__(self) -> None:
        self.counts: Counter[Key] = Counter()
        self.waiting = 0
        self.since = time.monotonic()
        self.mutex = Lock()
        self.writing = Lock()

    def add(self, project: str, version: str) -> None:
        """Count a download of today."""
        key = (project, datetime.now(UTC).date().isoformat(), version)
        with self.mutex:
            self.counts[key] += 1
            self.waiting += 1

    def is_due(self) -> bool:
        """Return whether there is something to write, and it is time."""
        return self.waiting > 0 and (self.waiting >= MOST or time.monotonic() - self.since >= INTERVAL)

    def flush(self) -> None:
        """Write what was counted; what cannot be written now is kept for the next time."""
        if not self.writing.acquire(blocking=False):
            return  # another thread is at it
        try:
            for part in parts(self.taken()):
                try:
                    write(part)
                except PackagesError as error:
                    log.warning("Downloads could not be counted now and are kept for later: %s", error)
                    self.put_back(part)
        finally:
            self.writing.release()

    def taken(self) -> "Counter[Key]":
        """Return what was counted, and begin anew."""
        with self.mutex:
            found, self.counts, self.waiting, self.since = self.counts, Counter(), 0, time.monotonic()
        return found

    def put_back(self, part: "Part") -> None:
        """Keep what could not be written."""
        with self.mutex:
            for (project, day), versions in part.items():
                if len(self.counts) + len(versions) > MOST_KEPT:
                    log.error("%d downloads of %s are lost: too many wait to be counted", versions.total(), project)
                    continue
                self.counts.update({(project, day, version): count for version, count in versions.items()})
                self.waiting += versions.total()


Part = dict[tuple[str, str], "Counter[str]"]
"""Project and day, to counts of versions."""


def parts(counts: "Counter[Key]") -> Iterator[Part]:
    """Yield the counts in parts that one transaction writes each."""
    days: Part = {}
    for (project, day, version), count in sorted(counts.items()):
        days.setdefault((project, day), Counter())[version] += count
    part: Part = {}
    for place, versions in days.items():
        left = iter(versions.items())
        while some := Counter(dict(islice(left, MOST_VERSIONS))):
            if len(part) == TOGETHER or place in part:  # DynamoDB takes an item once in a transaction
                yield part
                part = {}
            part[place] = some
    if part:
        yield part


def write(part: Part) -> None:
    """Add counts to the table, all of them or none.

    Raises:
        Unavailable: the table cannot answer now, or others write the same items over and over.
    """
    for attempt in range(ATTEMPTS):
        try:
            with reported(), TransactWrite(connection=connection()) as transaction:
                add_in(transaction, part)
        except TransactWriteError as error:
            if not is_conflict(error):
                raise
            time.sleep(0.02 * 2**attempt)
        else:
            return
    raise Unavailable("Others count at the same time.")


def add_in(transaction: TransactWrite, part: Part) -> None:
    """Add what counts the downloads of some projects, and of the index as a whole on those days."""
    whole: Counter[str] = Counter()
    for (project, day), versions in part.items():
        whole[day] += versions.total()
        actions = [Path([VERSION + version]).add(count) for version, count in versions.items()]
        add_day(transaction, project, day, versions.total(), actions)
    for day, count in whole.items():
        add_day(transaction, "", day, count, [])


def add_day(transaction: TransactWrite, project: str, day: str, count: int, actions: Sequence[Action]) -> None:
    """Add what counts the downloads of one day."""
    expires = datetime.fromisoformat(day).replace(tzinfo=UTC) + KEPT
    transaction.update(
        DownloadsRow(partition(options().index, project), day),
        [DownloadsRow.total.add(count), DownloadsRow.expires.set(expires), *actions],
    )


counted = Counts()
"""This process's counts."""


def flush_when_due(**_: object) -> None:
    """Write what was counted when it is time; called after an answer was sent."""
    if counted.is_due():
        counted.flush()


def forget(*, setting: str, **_: object) -> None:
    """Let go of counts of another index after a test or a command changed the options."""
    if setting == "PACKAGES_APP":
        counted.taken()


request_finished.connect(flush_when_due)
setting_changed.connect(forget)
atexit.register(counted.flush)
