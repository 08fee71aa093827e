"""Upload sessions in the admin: what is on its way in, how far it is, and an end to it."""

from django.contrib import admin

from packages_app.admin import columns, history
from packages_app.admin.base import FaceAdmin
from packages_app.admin.chores import Chore, Task
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, SessionFace
from packages_app.admin.filters import Choices
from packages_app.admin.readers import Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site
from packages_app.uploads.sessions import end, read
from packages_app.uploads.sessions.entries import Session, Status


class SessionReader(Reader):
    """Sessions that have not expired, the newest first; a search is the beginning of a project's name."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        status = wanted.filters.get("status", "")

        def keep(entry: tuple[str, Session]) -> bool:
            return status in {"", entry[1].status.value} and entry[1].project.startswith(wanted.search.lower())

        entries = read.newest(wanted.after, wanted.limit)
        kept, after, looked_at = walk(entries, wanted, cursor=lambda entry: entry[0], keep=keep)
        return Page(faces=[as_face(session) for _, session in kept], after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a session by its id."""
        found = read.find(key)
        return None if found is None else as_face(found)


def as_face(session: Session) -> Face:
    """Return a session's face."""
    return face_of(SessionFace, session.id, session)


class StatusFilter(Choices):
    """By how far they are."""

    title, parameter_name = "status", "status"
    choices_ = tuple((status.value, status.value) for status in Status)


def cancel(face: Face, task: Task) -> None:
    """Cancel a session."""
    end.cancel(str(face.pk), task.who)


CANCEL = Chore(
    name="cancel",
    label="Cancel",
    done="Canceled",
    consequence="What was sent to it is dropped, and the release can be begun anew. What was published stays.",
    act=cancel,
    danger=True,
)


@admin.register(SessionFace, site=site)
class SessionAdmin(FaceAdmin):
    """Upload sessions."""

    reader = SessionReader()
    chores = (CANCEL,)
    history = staticmethod(history.of_session)
    search_fields = ("id",)
    search_help_text = "The beginning of a project's name."
    list_display = ("project", "version", "status", "begun_by", "created", "expires")
    list_filter = (StatusFilter,)
    readonly_fields = ("project", "version", "status", "begun_by", "created", "expires", "sent")
    fields = ("id", *readonly_fields)

    project = column("project", lambda session: session.project)
    version = column("version", lambda session: session.version)
    status = column("status", lambda session: columns.mark(session.status.value))
    begun_by = column("begun by", lambda session: columns.actor(session.actor))
    created = column("begun (UTC)", lambda session: columns.when(session.created))
    expires = column("ends (UTC)", lambda session: columns.when(session.expires))
    sent = column(
        "its files",
        lambda session: columns.lines(
            f"{file.filename}, {columns.size(file.size)}: {file.status.value} {file.notice}"
            for file in read.files(session.id)
        ),
    )
