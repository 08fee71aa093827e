"""Yanks a file or a whole release, and takes that back (PEP 592).

A yanked file stays where it is for whoever asks for its exact version; installers pass over it otherwise. Project
names are normalised. Each function may raise `Forbidden` or `NotSignedIn` for who may not yank here, `NoSuchEntry`
where there is nothing of that name, `ProjectChanged` when the project is not what the caller last saw, and `BadReason`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue import write
from packages_app.catalogue.entries import Change, File, Project
from packages_app.discovery import describe
from packages_app.maintenance import targets
from packages_app.maintenance.entries import Done
from packages_app.maintenance.reasons import one_line
from packages_app.maintenance.seen import on_what_is_there


def yank(
    project: str, filename: str, reason: str, who: Principal, *, source: str, expected_serial: int | None = None
) -> Done:
    """Yank a file; again with another reason changes the reason, again with the same changes nothing."""
    demand(who, Action.YANK, project)
    marks = Marks(yanked=True, reason=one_line(reason), change=who.change(source))
    return on_what_is_there(project, lambda found: marks.put(found, [targets.file(project, filename)]), expected_serial)


def unyank(project: str, filename: str, who: Principal, *, source: str, expected_serial: int | None = None) -> Done:
    """Take back that a file is yanked."""
    demand(who, Action.YANK, project)
    marks = Marks(yanked=False, reason="", change=who.change(source))
    return on_what_is_there(project, lambda found: marks.put(found, [targets.file(project, filename)]), expected_serial)


def yank_release(
    project: str, version: str, reason: str, who: Principal, *, source: str, expected_serial: int | None = None
) -> Done:
    """Yank all files of a release, together as long as they are at most ``write.MOST_YANKED``."""
    demand(who, Action.YANK, project)
    marks = Marks(yanked=True, reason=one_line(reason), change=who.change(source), of_release=True)
    return on_what_is_there(project, lambda found: marks.put(found, targets.release(project, version)), expected_serial)


def unyank_release(
    project: str, version: str, who: Principal, *, source: str, expected_serial: int | None = None
) -> Done:
    """Take back that the files of a release are yanked."""
    demand(who, Action.YANK, project)
    marks = Marks(yanked=False, reason="", change=who.change(source), of_release=True)
    return on_what_is_there(project, lambda found: marks.put(found, targets.release(project, version)), expected_serial)


@dataclass(frozen=True, kw_only=True)
class Marks:
    """How files are to be marked, and by whom."""

    yanked: bool
    reason: str
    change: Change
    of_release: bool = False

    def put(self, project: Project, files: Sequence[File]) -> Done:
        """Mark those files that are not marked so, on condition that the project is as it was read."""
        wanted = (self.yanked, self.reason)
        left = [file for file in files if (file.yanked, file.yanked_reason if file.yanked else "") != wanted]
        serial = project.serial
        for first in range(0, len(left), write.MOST_YANKED):
            together = left[first : first + write.MOST_YANKED]
            serial = write.set_yanked(
                project.name,
                *(file.filename for file in together),
                yanked=self.yanked,
                reason=self.reason,
                change=self.change,
                version=files[0].version if self.of_release else "",
                before=before(together),
                expected_serial=serial,
            )
        describe.after_change(project.name)
        return Done(serial=serial, changed=tuple(file.filename for file in left))


def before(files: Sequence[File]) -> dict[str, str]:
    """Return what the trail keeps of how the files were marked."""
    return {file.filename: f"yanked: {file.yanked_reason}" if file.yanked else "not yanked" for file in files}
