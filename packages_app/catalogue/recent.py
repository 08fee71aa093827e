"""Reads which releases were published lately, newest first, and forgets those that were deleted."""

from collections.abc import Iterable, Iterator

from packages_app.catalogue.entries import File, Recent
from packages_app.catalogue.models import RecentRow, recent_key, recents
from packages_app.catalogue.read import microseconds, moment
from packages_app.conf import options
from packages_app.tables.outcomes import reported

MOST_READ = 1000
"""Rows that one look goes through at most; a release has one for each of its files that came by itself."""


def recent() -> Iterator[Recent]:
    """Yield the releases that were published lately, each once; whoever has enough stops asking."""
    seen = set()
    with reported():
        rows = RecentRow.query(recents(options().index), scan_index_forward=False, limit=MOST_READ, page_size=100)
        for row in rows:
            at, project, version = row.sk.split("#", 2)
            if (project, version) not in seen:
                seen.add((project, version))
                yield Recent(project=project, version=version, at=moment(int(at)))


def forget(files: Iterable[File]) -> None:
    """Forget that the releases of these files were published lately."""
    index = options().index
    keys = {recent_key(microseconds(file.upload_time), file.project, file.version) for file in files}
    with reported(), RecentRow.batch_write() as batch:
        for key in sorted(keys):
            batch.delete(RecentRow(recents(index), key))
