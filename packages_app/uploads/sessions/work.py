"""Work on a session that goes on after its request was answered, and survives whoever does it.

What would take longer than a gateway waits is not done in its request. The request puts a marker into the bucket, and
the row says ``processing``. The event that tells of the marker has the function `carry_out` the work in a run of its
own. If that run dies, Lambda sends the event again, and finds the claim lapsed; every step can be done twice. What
is left even so is begun anew by the next poll (`revive`) or by ``reconcile --apply``.

The marker comes before the row says so, and goes after the row says otherwise. So a marker stands for all that is left
to do, wherever somebody was killed, and one too many finds nothing to do.
"""

from datetime import UTC, datetime
from enum import Enum

from packages_app.accounts.entries import Principal
from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.file_store.errors import BlobMissing
from packages_app.uploads.sessions import complete, markers, publish, read, write, write_files
from packages_app.uploads.sessions.entries import REVIVAL, FileStatus, Session, SessionFile, Status


class Result(Enum):
    """What came of a marker."""

    DONE = "done"
    LEFT = "somebody else does it"
    NOTHING = "nothing is left to do"
    FOREIGN = "it is not signed with the secret key of this index, so nothing is done for it"


def carry_out(key: str) -> Result:
    """Do the work that a marker stands for, and take the marker away; again is fine.

    Raises:
        Unavailable: catalogue or store cannot answer now; the marker stays, and the same call may succeed later.
    """
    job = keys.work_of(key)
    if job is None:
        return Result.NOTHING
    try:
        who = markers.bearer(key)
    except BlobMissing:
        return Result.NOTHING
    if who is None:
        return Result.FOREIGN
    session, filename = job
    finished = complete.finish(session, filename, who) if filename else publish.finish(session, who)
    if finished is None:
        return Result.LEFT
    markers.remove(key)
    return Result.DONE if finished else Result.NOTHING


def is_awaited(project: str, version: str) -> bool:
    """Return whether an upload session lives that is going to list the files of a release by itself, all together."""
    session = write.holder(project, version)
    found = read.find(session) if session else None
    return found is not None and found.status in (Status.OPEN, Status.PROCESSING)


def revive(found: Session, file: SessionFile | None, who: Principal) -> None:
    """Have the work begun anew that should go on, and has not been heard of for a while."""
    if not options().background:
        return
    before = datetime.now(UTC) - REVIVAL
    if file is not None:
        if file.status is FileStatus.PROCESSING and file.held_until < before and write_files.revive_file(file):
            markers.put(found.id, file.filename, who)
    elif found.status is Status.PROCESSING and found.held_until < before and write.revive(found):
        markers.put(found.id, "", who)
