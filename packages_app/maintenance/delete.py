"""Deletes a file, a release or a whole project.

Nothing deleted comes back by itself: the file names stay taken (an upload of the same bytes brings a file back, other
bytes need overwriting), and reconcile does not list again what it finds. The bytes are retired like those of a
replaced file: ``reconcile --apply`` removes them after its grace. A project whose last file is deleted keeps its row,
its page and its name; a deleted project leaves the list, and its name is free. Project names are normalised. Each
function may raise `Forbidden` or `NotSignedIn`, `NoSuchEntry` where there is nothing of that name any more, and
`ProjectChanged` when the project is not what the caller last saw.
"""

from collections.abc import Sequence

from packages_app.accounts import rules
from packages_app.accounts.entries import Principal
from packages_app.accounts.grants import all_but_few_taken, take_in
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue import read, removal
from packages_app.catalogue.entries import Change, File, Project
from packages_app.discovery import describe
from packages_app.maintenance import targets
from packages_app.maintenance.entries import Done
from packages_app.maintenance.seen import on_what_is_there


def delete_file(
    project: str, filename: str, who: Principal, *, source: str, expected_serial: int | None = None
) -> Done:
    """Delete a file."""
    demand(who, Action.DELETE, project)
    change = who.change(source)

    def decide(found: Project) -> Done:
        files = [targets.file(project, filename)]
        done = deleted(found, files, change, action="file.delete", target=filename)
        describe.after_deletion(project, files)
        return done

    return on_what_is_there(project, decide, expected_serial)


def delete_release(
    project: str, version: str, who: Principal, *, source: str, expected_serial: int | None = None
) -> Done:
    """Delete all files of a release, together as long as they are at most ``removal.MOST_DELETED``."""
    demand(who, Action.DELETE, project)
    change = who.change(source)

    def decide(found: Project) -> Done:
        files = targets.release(project, version)
        done = deleted(found, files, change, action="release.delete", target=files[0].version)
        describe.after_deletion(project, files)
        return done

    return on_what_is_there(project, decide, expected_serial)


def delete_project(project: str, who: Principal, *, source: str, expected_serial: int | None = None) -> Done:
    """Delete a project with all its files; cut off in the middle, it is emptied in part, and can be deleted again."""
    demand(who, Action.DELETE, project)
    change = who.change(source)

    def decide(found: Project) -> Done:
        files = read.files(project)
        emptied = deleted(found, files, change, action="project.empty", target=project)
        before = {
            "display_name": found.display_name,
            "status": found.status.value,
            "reason": found.status_reason,
            "files": str(len(files)),
        }
        # In the same moment, as whoever takes up the free name must neither be joined by who had it, nor lose a role.
        roles = all_but_few_taken(project, change=change)
        if roles:
            before["roles"] = ", ".join(f"{each.subject} {each.role.value}" for each in roles)
        removal.delete_project(
            found, change, before=before, expected_serial=emptied.serial, beside=lambda writing: take_in(writing, roles)
        )
        rules.forget()
        describe.after_deletion(project, files)
        return Done(serial=0, changed=(project,))

    return on_what_is_there(project, decide, expected_serial)


def delete_listed(files: Sequence[File], who: Principal, *, source: str) -> Done:
    """Delete these very files of one release, whatever else the project became.

    Raises:
        FileChanged: one of them is not listed any more, or with other bytes.
    """
    project = files[0].project
    demand(who, Action.DELETE, project)
    change, serial = who.change(source), 0
    for first in range(0, len(files), removal.MOST_DELETED):
        together = files[first : first + removal.MOST_DELETED]
        serial = removal.delete_files(together, change, action="release.delete", target=files[0].version)
    describe.after_deletion(project, files)
    return Done(serial=serial, changed=tuple(file.filename for file in files))


def deleted(project: Project, files: Sequence[File], change: Change, *, action: str, target: str) -> Done:
    """Delete files on condition that the project is as it was read, in as many transactions as they need."""
    serial = project.serial
    for first in range(0, len(files), removal.MOST_DELETED):
        together = files[first : first + removal.MOST_DELETED]
        serial = removal.delete_files(together, change, action=action, target=target, expected_serial=serial)
    return Done(serial=serial, changed=tuple(file.filename for file in files))
