"""The audit trail in the admin: read, never changed."""

from datetime import timedelta
from typing import Any

from django.contrib import admin

from packages_app.admin import columns
from packages_app.admin.base import FaceAdmin
from packages_app.admin.columns import column
from packages_app.admin.faces import EventFace, Face
from packages_app.admin.filters import Choices, Typed
from packages_app.admin.readers import MOST_LOOKED_AT, Page, Reader, Wanted, face_of
from packages_app.admin.site import site
from packages_app.audit import read
from packages_app.audit.entries import Event
from packages_app.audit.errors import BadCursor


class EventReader(Reader):
    """Events, the newest first; a search is any part of an action or of what it was done to."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        sought, about = wanted.search.casefold(), wanted.filters.get("about", "")
        project, actor, target = (wanted.filters.get(name, "") for name in ("project", "actor", "target"))
        faces: list[Face] = []
        after, looked_at = wanted.after, 0
        while len(faces) < wanted.limit and looked_at < MOST_LOOKED_AT:
            try:
                left = wanted.limit - len(faces)
                found = read.trail(project=project, actor=actor, target=target, cursor=after, limit=left)
            except BadCursor:
                return Page(faces=[])
            looked_at += max(1, len(found.events))
            faces += [as_face(event) for event in found.events if fits(event, about, sought)]
            after = found.cursor
            if not after:
                break
        return Page(faces=faces, after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return an event by its id."""
        if not read.ID.fullmatch(key):
            return None
        at = read.time_of(key)
        found = read.trail(since=at, until=at + timedelta(microseconds=1)).events
        return next((as_face(event) for event in found if event.id == key), None)


def fits(event: Event, about: str, sought: str) -> bool:
    """Return whether an event is about this, and has what is sought in it."""
    text = f"{event.action} {event.target} {event.project}".casefold()
    return about in {"", event.action.partition(".")[0]} and sought in text


def as_face(event: Event) -> Face:
    """Return an event's face."""
    return face_of(EventFace, event.id, event)


class ProjectFilter(Typed):
    """By project."""

    title, parameter_name = "project", "project"


class ActorFilter(Typed):
    """By who did it."""

    title, parameter_name = "who", "actor"


class TargetFilter(Typed):
    """By what it was done to."""

    title, parameter_name = "target", "target"


ABOUT = ("project", "release", "file", "user", "group", "grant", "token", "publisher", "attempts", "upstream")


class AboutFilter(Choices):
    """By what it is about."""

    title, parameter_name = "subject", "about"
    choices_ = tuple((word, word) for word in ABOUT)


def facts(said: dict[str, str]) -> Any:
    """Return what an event keeps of before or after."""
    return columns.lines(f"{name}: {value}" for name, value in said.items()) if said else "nothing"


@admin.register(EventFace, site=site)
class EventAdmin(FaceAdmin):
    """Audit events."""

    reader = EventReader()
    search_fields = ("id",)
    search_help_text = "Any part of an action, a project or what it was done to; use the filters for whole names."
    list_display = ("at", "action", "project", "target", "actor", "source")
    list_filter = (AboutFilter, ProjectFilter, ActorFilter, TargetFilter)
    readonly_fields = ("at", "action", "target", "project", "actor", "token", "address", "source", "before", "after")
    fields = readonly_fields

    at = column("when (UTC)", lambda event: f"{event.at:%Y-%m-%d %H:%M:%S}")
    action = column("action", lambda event: event.action)
    target = column("target", lambda event: columns.actor(event.target))
    project = column("project", lambda event: columns.project_link(event.project) if event.project else "")
    actor = column("by", lambda event: columns.actor(event.actor))
    token = column("token", lambda event: event.token)
    address = column("from", lambda event: event.address)
    source = column("through", lambda event: event.source)
    before = column("before", lambda event: facts(event.before))
    after = column("after", lambda event: facts(event.after))
