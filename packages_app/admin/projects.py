"""Projects in the admin: the list by name and status, a project's page, what can be done to it."""

from collections.abc import Sequence
from itertools import islice

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from packages_app import names
from packages_app.accounts import read as accounts
from packages_app.admin import columns, history, roles
from packages_app.admin.base import FaceAdmin
from packages_app.admin.callers import SOURCE
from packages_app.admin.chores import Chore, Task
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, ProjectFace
from packages_app.admin.filters import Choices
from packages_app.admin.readers import MOST_LOOKED_AT, Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site
from packages_app.catalogue import listing, read
from packages_app.catalogue.entries import Listed, Status
from packages_app.maintenance.delete import delete_project
from packages_app.maintenance.status import set_status


class ProjectReader(Reader):
    """Projects in the order of their names; a search is the beginning of a name."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page: the list's shards, and one request for the projects themselves."""
        prefix = names.normalize(wanted.search)
        status = wanted.filters.get("status", "")
        together = MOST_LOOKED_AT if status else wanted.limit
        entries = listing.in_order(wanted.after, prefix=prefix, limit=together)
        # One more than is looked at, so that the walk knows whether there is more.
        read_ahead = list(islice(entries, together + 1))
        found = read.projects([entry.name for entry in read_ahead])

        def keep(entry: Listed) -> bool:
            return entry.name in found and status in {"", found[entry.name].status.value}

        kept, after, looked_at = walk(iter(read_ahead), wanted, cursor=lambda entry: entry.name, keep=keep)
        faces = [face_of(ProjectFace, entry.name, found[entry.name]) for entry in kept]
        return Page(faces=faces, after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a project by its name, however it is written."""
        found = read.project(names.normalize(key))
        return None if found is None else face_of(ProjectFace, found.name, found)


class StatusFilter(Choices):
    """By status marker."""

    title, parameter_name = "status", "status"
    choices_ = tuple((status.value, status.value) for status in Status)


class StatusForm(forms.Form):
    """A status and why."""

    status = forms.ChoiceField(choices=[(status.value, status.value) for status in Status])
    reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Shown to everybody who looks at the project; a quarantine needs one.",
    )


def serials(faces: Sequence[Face]) -> dict[str, str]:
    """Return the serial of each project that the entries are, or belong to."""
    of = dict.fromkeys(str(face.pk).partition("/")[0] for face in faces)
    return {name: str(found.serial) for name, found in read.projects(list(of)).items()}


def expected(task: Task, project: str) -> int:
    """Return the serial that the confirming person saw; without one nothing matches."""
    seen = task.seen.get(project, "")
    return int(seen) if seen.isdecimal() else 0


def change_status(face: Face, task: Task) -> None:
    """Set a project's status."""
    name = str(face.pk)
    status = Status(task.said["status"])
    set_status(name, status, task.said["reason"], task.who, source=SOURCE, expected_serial=expected(task, name))


def remove(face: Face, task: Task) -> None:
    """Delete a project."""
    name = str(face.pk)
    delete_project(name, task.who, source=SOURCE, expected_serial=expected(task, name))


SET_STATUS = Chore(
    name="set_status",
    label="Set status",
    done="Set the status of",
    consequence="Archived projects take no uploads, deprecated ones warn, and quarantined ones offer no files at all.",
    act=change_status,
    form=StatusForm,
    seen=serials,
)
DELETE = Chore(
    name="delete_project",
    label="Delete project",
    done="Deleted",
    consequence="All its files leave the index, and builds that pin them fail. The project's name is free afterwards.",
    act=remove,
    seen=serials,
    typed=True,
    danger=True,
)


@admin.register(ProjectFace, site=site)
class ProjectAdmin(FaceAdmin):
    """Projects."""

    reader = ProjectReader()
    chores = (SET_STATUS, roles.GRANT_ON_PROJECT, roles.UNGRANT_ON_PROJECT, roles.HAND_OVER, DELETE)
    history = staticmethod(history.of_project)
    search_fields = ("name",)
    search_help_text = "The beginning of a project's name."
    list_display = ("name", "status", "reason", "changed")
    list_filter = (StatusFilter,)
    readonly_fields = ("display_name", "status", "reason", "changed", "serial", "releases", "files", "size", "roles_")
    fields = ("name", *readonly_fields)

    status = column("status", lambda project: columns.mark(project.status.value))
    reason = column("reason", lambda project: project.status_reason)
    changed = column("last change (UTC)", lambda project: columns.when_micros(project.serial))
    display_name = column("written as", lambda project: project.display_name)
    roles_ = column("roles", lambda project: roles.shown(accounts.grants_on(project.name), by_pattern=False))
    serial = column("serial", lambda project: str(project.serial))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Face | None:
        """Return a project together with what its files come to."""
        face = super().get_object(request, object_id, from_field)
        if face is not None:
            face.files = read.files(str(face.pk))
        return face

    @admin.display(description="releases")
    def releases(self, face: Face) -> str:
        """Count the releases."""
        return str(len({file.version for file in face.files}))

    @admin.display(description="files")
    def files(self, face: Face) -> str:
        """Count the files, and those that are yanked."""
        yanked = sum(file.yanked for file in face.files)
        return f"{len(face.files)}, {yanked} of them yanked" if yanked else str(len(face.files))

    @admin.display(description="size")
    def size(self, face: Face) -> str:
        """Add the files' sizes up."""
        return columns.size(sum(file.size for file in face.files))

    def related(self, face: Face) -> Sequence[tuple[str, str]]:
        """Return the project's releases, files and page."""
        query = urlencode({"project": face.pk})
        lists = {"Releases": "releaseface", "Files": "fileface"}
        found = [
            (label, f"{reverse(f'admin:packages_app_{name}_changelist')}?{query}") for label, name in lists.items()
        ]
        return [*found, ("Simple page", reverse("simple-project", args=[face.pk]))]
