"""Adopts the distributions of a folder or of another bucket: publishes each by the same rules as an upload.

The source is read and never changed. A run that was cut off is simply started again: what a run before published is
known by its name, size and time, and is not read once more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import unquote_plus

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.catalogue import read
from packages_app.conf import options
from packages_app.errors import PackagesError
from packages_app.file_store.errors import StoreFull
from packages_app.storage_events.entries import Progress, silent
from packages_app.storage_events.sources import Offered, Source
from packages_app.tables.errors import TableUnavailable
from packages_app.uploads.at_hand import copied
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.check import too_large
from packages_app.uploads.errors import FileExists
from packages_app.uploads.publish import Outcome, Published, examined, publish

IMPORT = Principal(name="import", trusted=True)


class Result(Enum):
    """What became of a file of the source."""

    FOUND = "would be published"
    PUBLISHED = "published"
    SKIPPED = "already published"
    REFUSED = "refused"
    UNKNOWN = "no distribution"
    MISSING = "only in the table"


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """A file of the source, and what became of it."""

    place: str
    result: Result
    sentence: str = ""


def adopt(source: Source, *, apply: bool, table: Iterable[str] = (), progress: Progress = silent) -> Iterator[Adoption]:
    """Yield what becomes of each file; then each file name that ``table`` lists and the source lacks.

    Without ``apply`` every file is checked as it would be, and nothing is changed.

    Raises:
        SourceUnreadable: the source cannot be listed.
        Unavailable: the index itself cannot answer, or has no room left.
    """
    seen: dict[str, str] = {}
    for number, offered in enumerate(source.walk(), 1):
        progress("files", number, 0)
        filename = offered.filename
        seen.setdefault(filename, "")
        try:
            yield adopted(source, offered, seen, apply=apply)
        except (TableUnavailable, StoreFull):
            raise
        except PackagesError as error:
            yield Adoption(place=offered.place, result=Result.REFUSED, sentence=str(error))
    for number, filename in enumerate(table, 1):
        progress("rows of the table", number, 0)
        # Some rows have the name as it was quoted in the event that made them.
        if filename not in seen and unquote_plus(filename) not in seen:
            sentence = "the table lists it, and the bucket does not have it"
            yield Adoption(place=filename, result=Result.MISSING, sentence=sentence)


def adopted(source: Source, offered: Offered, seen: dict[str, str], *, apply: bool) -> Adoption:
    """Publish one file, or say what would become of it; ``seen`` keeps what a dry run would have published.

    Raises:
        PackagesError: every reason for which an upload is refused.
    """
    try:
        readings = names.readings(offered.filename)
    except names.BadFilename as error:
        return Adoption(place=offered.place, result=Result.UNKNOWN, sentence=str(error))
    rows = [read.file(reading.project, offered.filename) for reading in readings]
    # A run before published it with the object's own time; nobody else does.
    if any(row and (row.uploader, row.size, row.upload_time) == mark(offered) for row in rows):
        return Adoption(place=offered.place, result=Result.SKIPPED)
    if offered.size > options().max_upload_bytes:  # before a byte of it is read
        raise too_large()
    with source.reading(offered) as chunks, copied(bounded(chunks)) as (path, hasher):
        candidate = Candidate(
            filename=offered.filename,
            path=path,
            size=hasher.size,
            digests=hasher.digests(),
            principal=IMPORT,
            source="import",
            published_at=min(offered.modified, datetime.now(UTC)),
            may_replace=False,
        )
        result = published(candidate) if apply else foreseen(candidate, seen)
    return Adoption(place=offered.place, result=result)


def bounded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield bytes as long as they are not too many: a file may grow after it was listed.

    Raises:
        TooLarge: they are.
    """
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > options().max_upload_bytes:
            raise too_large()
        yield chunk


def mark(offered: Offered) -> tuple[str, int, datetime]:
    """Return what the row of an adopted file has that no other row has."""
    return IMPORT.name, offered.size, offered.modified


def published(candidate: Candidate) -> Result:
    """Publish a file."""
    return Result.SKIPPED if publish(candidate).outcome is Outcome.UNCHANGED else Result.PUBLISHED


def foreseen(candidate: Candidate, seen: dict[str, str]) -> Result:
    """Return what publishing would come to, by the same checks.

    Raises:
        PackagesError: every reason for which an upload is refused.
    """
    if isinstance(examined(candidate), Published):
        return Result.SKIPPED
    before = seen[candidate.filename]
    if before and before != candidate.digests.sha256:
        raise FileExists(f"The source has {candidate.filename} more than once, with other bytes; the first is taken.")
    seen[candidate.filename] = candidate.digests.sha256
    return Result.SKIPPED if before else Result.FOUND
