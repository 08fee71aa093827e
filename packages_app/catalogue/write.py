"""Changes the catalogue: each function is one conditional, audited transaction."""

from collections.abc import Callable, Sequence

from pynamodb.transactions import TransactWrite

from packages_app.catalogue.entries import Change, File, Listing, Reuse, Status
from packages_app.catalogue.errors import NoSuchEntry
from packages_app.catalogue.list_files import list_in, not_listed, note_recent
from packages_app.catalogue.models import (
    DistributionRow,
    FileRow,
    ProjectRow,
    distribution_of,
    file_key,
    partition,
)
from packages_app.catalogue.rows import retired_row
from packages_app.catalogue.transact import ALL_PENDING, Guard, Upload, changed, commit, event_of
from packages_app.conf import options
from packages_app.errors import PackagesError

MOST_FILES = 22
"""Files that one transaction lists: DynamoDB takes 100 actions, a file needs up to four, every change up to nine."""
MOST_YANKED = 90
"""Files that one transaction yanks: a file needs one action."""


def publish(
    file: File,
    *,
    display_name: str,
    change: Change,
    fence: str,
    replaces: File | None = None,
    reuse: Reuse = Reuse.SAME_BYTES,
    begins: Callable[[TransactWrite], None] | None = None,
    guard: Guard | None = None,
) -> int:
    """List a file whose bytes are already safe, and return the project's new serial.

    Without ``replaces`` there must be no file of this name; with it, the listed bytes must still be the ones it names,
    and they are retired. ``fence`` is what `collect.fence` said before the bytes were stored; ``reuse`` tells whether
    the name may be one that was deleted. ``begins`` is what to write beside, without a condition, where this begins the
    project; there must then be no such project. ``guard`` must hold beside.

    Raises:
        DistributionExists: the same distribution is published under another spelling of its name.
        FileDeleted: the name was deleted, and this may not take it.
        FileChanged: the name is taken, ``replaces`` is not what is listed any more, or somebody began the project.
        ProjectClosed: the project's status does not accept uploads.
        Busy: the same bytes were cleared away in the meantime, or too many writers want the project.
    """
    listing = Listing(file=file, fence=fence, replaces=replaces, reuse=reuse)

    def fill(transaction: TransactWrite) -> None:
        list_in(transaction, listing)
        note_recent(transaction, file)
        if begins is not None:
            begins(transaction)

    def refusal(failures: tuple[bool, ...]) -> PackagesError:
        return not_listed((listing,), failures)

    event = event_of(
        change,
        "file.publish" if replaces is None else "file.replace",
        file.project,
        file.filename,
        before={} if replaces is None else {"sha256": replaces.sha256},
        after={"sha256": file.sha256, "version": file.version},
    )
    sets = [ProjectRow.display_name.set(display_name), ProjectRow.pending.add({file.version})]
    upload = Upload.ANY if begins is None else Upload.FIRST
    replaced = [] if replaces is None else [replaces]
    return commit(
        file.project,
        fill,
        event=event,
        refusal=refusal,
        sets=sets,
        upload=upload,
        lists=[file],
        unlists=replaced,
        guard=guard,
    )


def publish_release(
    listings: Sequence[Listing],
    *,
    display_name: str,
    change: Change,
    begins: Callable[[TransactWrite], None] | None = None,
    guard: Guard | None = None,
) -> int:
    """List files of one release by one transaction, at most ``MOST_FILES``, and return the project's new serial.

    No two of them may be the same distribution under two names. ``begins`` and ``guard`` are as for `publish`.

    Raises:
        DistributionExists: a distribution is published under another spelling of its name; nothing was listed.
        FileDeleted: a name was deleted, and its file may not take it; nothing was listed.
        FileChanged: a name is taken, or a ``replaces`` is not what is listed any more; nothing was listed.
        ProjectClosed: the project's status does not accept uploads.
        Busy: bytes of a file were cleared away in the meantime, or too many writers want the project.
    """
    project, version = listings[0].file.project, listings[0].file.version

    def fill(transaction: TransactWrite) -> None:
        for listing in listings:
            list_in(transaction, listing)
        note_recent(transaction, listings[0].file)
        if begins is not None:
            begins(transaction)

    def refusal(failures: tuple[bool, ...]) -> PackagesError:
        return not_listed(listings, failures)

    event = event_of(
        change,
        "release.publish",
        project,
        version,
        before={each.file.filename: each.replaces.sha256 for each in listings if each.replaces is not None},
        after={each.file.filename: each.file.sha256 for each in listings},
    )
    sets = [ProjectRow.display_name.set(display_name), ProjectRow.pending.add({version})]
    upload = Upload.ANY if begins is None else Upload.FIRST
    return commit(
        project,
        fill,
        event=event,
        refusal=refusal,
        sets=sets,
        upload=upload,
        lists=[each.file for each in listings],
        unlists=[each.replaces for each in listings if each.replaces is not None],
        guard=guard,
    )


def withdraw(file: File, change: Change) -> int:
    """Unlist a file, retire its bytes, and return the project's new serial.

    Raises:
        FileChanged: other bytes are listed under this name by now, or none.
    """

    def fill(transaction: TransactWrite) -> None:
        key = partition(options().index, file.project)
        transaction.delete(FileRow(key, file_key(file.filename)), FileRow.sha256 == file.sha256)
        transaction.delete(DistributionRow(key, distribution_of(file.project, file.filename)))
        transaction.save(retired_row(file))

    event = event_of(change, "file.withdraw", file.project, file.filename, before={"sha256": file.sha256})
    return commit(file.project, fill, event=event, refusal=changed(file.filename), sets=[ALL_PENDING], unlists=[file])


def set_yanked(
    project: str,
    *filenames: str,
    yanked: bool,
    reason: str = "",
    change: Change,
    version: str = "",
    before: dict[str, str] | None = None,
    expected_serial: int | None = None,
) -> int:
    """Yank files, at most ``MOST_YANKED``, or take that back (PEP 592), and return the project's new serial.

    ``version`` says that they are a release; ``before`` is what the trail keeps of how it was.

    Raises:
        NoSuchEntry: there is no such file, or no such project.
        ProjectChanged: the project's serial is not the expected one.
    """

    def fill(transaction: TransactWrite) -> None:
        for filename in filenames:
            transaction.update(
                FileRow(partition(options().index, project), file_key(filename)),
                [FileRow.yanked.set(yanked), FileRow.yanked_reason.set(reason)],
                condition=FileRow.pk.exists(),
            )

    def refusal(_: tuple[bool, ...]) -> PackagesError:
        return NoSuchEntry(f"There is no file named {' or '.join(filenames)}.")

    action = f"{'release' if version else 'file'}.{'yank' if yanked else 'unyank'}"
    event = event_of(
        change, action, project, version or filenames[0], before=before, after={"reason": reason} if yanked else {}
    )
    sets = [ALL_PENDING]
    return commit(project, fill, event=event, refusal=refusal, sets=sets, expected_serial=expected_serial)


def set_status(
    project: str,
    status: Status,
    *,
    reason: str = "",
    change: Change,
    before: dict[str, str] | None = None,
    expected_serial: int | None = None,
) -> int:
    """Set a project's status marker (PEP 792), and return its new serial.

    Raises:
        NoSuchEntry: there is no such project.
        ProjectChanged: the project's serial is not the expected one.
    """
    after = {"status": status.value, "reason": reason}
    return commit(
        project,
        lambda _: None,
        event=event_of(change, "project.status", project, project, before=before, after=after),
        refusal=changed(project),
        sets=[ProjectRow.status.set(status.value), ProjectRow.status_reason.set(reason)],
        expected_serial=expected_serial,
    )
