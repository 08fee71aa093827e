"""Releases in the admin: the files of one version together, to yank or to delete as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.contrib import admin
from django.urls import reverse
from django.utils.http import urlencode

from packages_app import names
from packages_app.admin import columns, history
from packages_app.admin.base import FaceAdmin
from packages_app.admin.callers import SOURCE
from packages_app.admin.chores import Chore, Task
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, ReleaseFace
from packages_app.admin.files import DELETE_MEANS, UNYANK_MEANS, YANK_MEANS, ProjectFilter, ReasonForm, after
from packages_app.admin.filters import Choices
from packages_app.admin.projects import expected, serials
from packages_app.admin.readers import Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site
from packages_app.catalogue import listing, read
from packages_app.catalogue.entries import File
from packages_app.maintenance.delete import delete_release
from packages_app.maintenance.yank import unyank_release, yank_release
from packages_app.simple_api.pages import version_key

MOST_PROJECTS = 200
"""Projects whose files one request reads at most; the page then tells where to go on."""

THROUGH = "-"
"""Stands in a cursor where a version would: all of the project was read."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """The files of one version of a project."""

    project: str
    version: str
    files: tuple[File, ...]

    @property
    def state(self) -> str:
        """Whether it is yanked, as a whole or in part."""
        yanked = sum(file.yanked for file in self.files)
        return "listed" if not yanked else "yanked" if yanked == len(self.files) else "partly yanked"

    @property
    def key(self) -> str:
        """Its key among faces."""
        return f"{self.project}/{self.version}"


class ReleaseReader(Reader):
    """Releases in the order of projects, the newest version first; a search is the beginning of a project's name."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page of one project's releases, or of all."""
        only = names.normalize(wanted.filters.get("project", ""))
        project, _, version = wanted.after.partition("/")
        state = wanted.filters.get("state", "")
        projects = [only] if only else next_projects(project, version, names.normalize(wanted.search), wanted.limit)
        entries = (
            release
            for name in projects
            for release in releases_of(name)
            if name != project or version_key(release.version) < version_key(version)
        )

        def keep(release: Release) -> bool:
            return state in {"", "listed" if release.state == "listed" else "yanked"}

        kept, cursor, looked_at = walk(entries, wanted, cursor=lambda release: release.key, keep=keep)
        if not cursor and len(projects) == MOST_PROJECTS:
            cursor = f"{projects[-1]}/{THROUGH}"
        return Page(
            faces=[face_of(ReleaseFace, release.key, release) for release in kept], after=cursor, looked_at=looked_at
        )

    def one(self, key: str) -> Face | None:
        """Return a release by project and version."""
        project, _, version = key.partition("/")
        for release in releases_of(names.normalize(project)):
            if names.same_version(release.version, version) or release.version == version:
                return face_of(ReleaseFace, release.key, release)
        return None


def next_projects(project: str, version: str, prefix: str, limit: int) -> list[str]:
    """Return the next projects to read, first the one that the page before broke off in."""
    first = [project] if project and version != THROUGH else []
    behind = (entry.name for entry in listing.in_order(project, prefix=prefix, limit=limit))
    return first + list(islice(behind, MOST_PROJECTS - len(first)))


def releases_of(project: str) -> list[Release]:
    """Return a project's releases, the newest version first."""
    of: dict[str, list[File]] = {}
    for file in read.files(project):
        of.setdefault(file.version, []).append(file)
    return [
        Release(project=project, version=version, files=tuple(of[version]))
        for version in sorted(of, key=version_key, reverse=True)
    ]


class StateFilter(Choices):
    """By whether any of its files is yanked."""

    title, parameter_name = "state", "state"
    choices_ = (("listed", "not yanked"), ("yanked", "yanked, or partly"))


def yank(face: Face, task: Task) -> None:
    """Yank all files of a release."""
    project, _, version = str(face.pk).partition("/")
    seen = expected(task, project)
    after(
        task,
        project,
        yank_release(project, version, task.said["reason"], task.who, source=SOURCE, expected_serial=seen),
    )


def unyank(face: Face, task: Task) -> None:
    """Take back that a release is yanked."""
    project, _, version = str(face.pk).partition("/")
    seen = expected(task, project)
    after(task, project, unyank_release(project, version, task.who, source=SOURCE, expected_serial=seen))


def remove(face: Face, task: Task) -> None:
    """Delete a release."""
    project, _, version = str(face.pk).partition("/")
    seen = expected(task, project)
    after(task, project, delete_release(project, version, task.who, source=SOURCE, expected_serial=seen))


YANK = Chore(name="yank", label="Yank", done="Yanked", consequence=YANK_MEANS, act=yank, form=ReasonForm, seen=serials)
UNYANK = Chore(name="unyank", label="Un-yank", done="Un-yanked", consequence=UNYANK_MEANS, act=unyank, seen=serials)
DELETE = Chore(
    name="delete_release",
    label="Delete release",
    done="Deleted",
    consequence=DELETE_MEANS,
    act=remove,
    seen=serials,
    typed=True,
    danger=True,
)


@admin.register(ReleaseFace, site=site)
class ReleaseAdmin(FaceAdmin):
    """Releases."""

    reader = ReleaseReader()
    chores = (YANK, UNYANK, DELETE)
    history = staticmethod(history.of_project)
    search_fields = ("key",)
    search_help_text = "The beginning of a project's name."
    list_display = ("release", "state", "files", "size", "uploaded")
    list_filter = (ProjectFilter, StateFilter)
    readonly_fields = ("project", "version", "files", "size", "uploaded", "state", "names")
    fields = readonly_fields

    release = column("release", lambda release: f"{release.project} {release.version}")
    project = column("project", lambda release: columns.link("projectface", release.project, release.project))
    version = column("version", lambda release: release.version)
    files = column("files", lambda release: len(release.files))
    size = column("size", lambda release: columns.size(sum(file.size for file in release.files)))
    uploaded = column("last upload (UTC)", lambda release: columns.when(max(f.upload_time for f in release.files)))
    state = column("state", lambda release: columns.mark(release.state))
    names = column(
        "its files",
        lambda release: columns.lines(
            columns.link("fileface", f"{file.project}/{file.filename}", file.filename) for file in release.files
        ),
    )

    def related(self, face: Face) -> Sequence[tuple[str, str]]:
        """Return the files of the project."""
        query = urlencode({"project": face.record.project})
        return [("Files", f"{reverse('admin:packages_app_fileface_changelist')}?{query}")]
