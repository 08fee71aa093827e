"""Tells what happened to a project, as the audit trail has it, in words."""

from dataclasses import dataclass

from packages_app.accounts.entries import Principal, publisher_in
from packages_app.audit.entries import Event
from packages_app.maintenance.trail import trail

WORDS = {
    "file.publish": "published",
    "file.replace": "replaced",
    "file.withdraw": "withdrawn: its bytes vanished from the store",
    "file.refuse": "refused",
    "file.yank": "yanked",
    "file.unyank": "no longer yanked",
    "file.delete": "deleted",
    "release.publish": "published as one release",
    "release.yank": "yanked",
    "release.unyank": "no longer yanked",
    "release.delete": "deleted",
    "project.status": "status changed",
    "project.empty": "emptied",
    "project.delete": "deleted",
    "grant.add": "role given",
    "grant.remove": "role taken",
    "publisher.trust": "trusted to publish",
}
"""What each action is called where its target stands before it; others are shown by their code."""
TELLING = ("status", "role", "pipeline", "reason", "version")
"""What of before and after is told; the rest is for the trail's export."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event, told."""

    event: Event
    publisher: str
    """The id of the trusted publisher that did it; empty where somebody else did."""
    what: str
    details: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class History:
    """A page of a project's history, the newest first."""

    happenings: tuple[Happening, ...]
    cursor: str


def history(who: Principal, project: str, cursor: str) -> History:
    """Return a page of what happened to a project.

    Raises:
        Forbidden: ``who`` may not see it.
        NoSuchProject: ``who`` may not know of the project.
        BadCursor: the cursor comes from no page before.
    """
    found = trail(who, project=project, cursor=cursor)
    return History(happenings=tuple(map(told, found.events)), cursor=found.cursor)


def told(event: Event) -> Happening:
    """Return an event in words."""
    return Happening(
        event=event,
        publisher=publisher_in(event.actor),
        what=WORDS.get(event.action, event.action),
        details=tuple(details(event)),
    )


def details(event: Event) -> list[str]:
    """Return what changed, as far as it is told."""
    found = []
    if event.action == "release.publish":
        found += [f"file: {filename}" for filename in sorted(event.after)]
    for name in TELLING:
        before, after = event.before.get(name, ""), event.after.get(name, "")
        if after and before and before != after:
            found.append(f"{name}: {before} → {after}")
        elif after or before:
            found.append(f"{name}: {after or before}")
    return found
