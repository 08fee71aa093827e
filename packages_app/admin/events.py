"""The audit trail in the admin: read, never changed."""

from typing import Any

from django.contrib import admin

from packages_app.admin import columns
from packages_app.admin.base import FaceAdmin
from packages_app.admin.columns import column
from packages_app.admin.faces import EventFace, Face
from packages_app.admin.filters import Choices, Typed
from packages_app.admin.readers import Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site
from packages_app.audit import trail
from packages_app.audit.trail import Entry


class EventReader(Reader):
    """Events, the newest first; a search is any part of what it was done to."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        sought = wanted.search.casefold()

        def keep(entry: Entry) -> bool:
            event = entry.event
            said = {
                "project": event.project,
                "actor": event.actor,
                "target": event.target,
                "about": event.action.partition(".")[0],
            }
            fits = all(said[name] == value for name, value in wanted.filters.items())
            return fits and sought in f"{event.action} {event.target} {event.project}".casefold()

        try:
            entries = trail.newest(wanted.after, limit=wanted.limit)
            kept, after, looked_at = walk(entries, wanted, cursor=lambda entry: entry.id, keep=keep)
        except (ValueError, OverflowError):  # a cursor that somebody typed
            return Page(faces=[])
        return Page(faces=[as_face(entry) for entry in kept], after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return an event by its id."""
        found = trail.one(key)
        return None if found is None else as_face(found)


def as_face(entry: Entry) -> Face:
    """Return an event's face."""
    return face_of(EventFace, entry.id, entry)


class ProjectFilter(Typed):
    """By project."""

    title, parameter_name = "project", "project"


class ActorFilter(Typed):
    """By who did it."""

    title, parameter_name = "who", "actor"


class TargetFilter(Typed):
    """By what it was done to."""

    title, parameter_name = "target", "target"


class AboutFilter(Choices):
    """By what it is about."""

    title, parameter_name = "about", "about"
    choices_ = tuple(
        (word, word) for word in ("project", "release", "file", "user", "group", "grant", "token", "login", "upload")
    )


def facts(said: dict[str, str]) -> Any:
    """Return what an event keeps of before or after."""
    return columns.lines(f"{name}: {value}" for name, value in said.items()) if said else "nothing"


@admin.register(EventFace, site=site)
class EventAdmin(FaceAdmin):
    """Audit events."""

    reader = EventReader()
    search_fields = ("id",)
    search_help_text = "Any part of an action, a project or what it was done to."
    list_display = ("at", "action", "target", "actor", "source")
    list_filter = (AboutFilter, ProjectFilter, ActorFilter, TargetFilter)
    readonly_fields = ("at", "action", "target", "project", "actor", "token", "address", "source", "before", "after")
    fields = readonly_fields

    at = column("when (UTC)", lambda entry: columns.when(entry.at))
    action = column("action", lambda entry: entry.event.action)
    target = column("target", lambda entry: entry.event.target)
    project = column("project", lambda entry: entry.event.project)
    actor = column("by", lambda entry: entry.event.actor)
    token = column("token", lambda entry: entry.event.token)
    address = column("from", lambda entry: entry.event.address)
    source = column("through", lambda entry: entry.event.source)
    before = column("before", lambda entry: facts(entry.event.before))
    after = column("after", lambda entry: facts(entry.event.after))
