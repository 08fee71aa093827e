"""Releases in the admin: the files of one version together, to yank or to delete as a whole."""

from collections.abc import Sequence
from itertools import islice

from django.contrib import admin
from django.urls import reverse
from django.utils.http import urlencode

from packages_app import names
from packages_app.admin import columns, history, published
from packages_app.admin.base import FaceAdmin
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, ReleaseFace
from packages_app.admin.filters import Choices
from packages_app.admin.readers import Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site
from packages_app.catalogue import listing, read
from packages_app.discovery.entries import Release
from packages_app.discovery.releases import releases
from packages_app.discovery.versions import key as order
from packages_app.maintenance.delete import delete_release
from packages_app.maintenance.yank import unyank_release, yank_release

MOST_PROJECTS = 200
"""Projects whose files one request reads at most; the page then tells where to go on."""

THROUGH = "-"
"""Stands in a cursor where a version would: all of the project was read."""


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
            for release in releases(read.files(name))
            if name != project or order(release.version) < order(version)
        )

        def keep(release: Release) -> bool:
            return state in {"", "listed" if state_of(release) == "listed" else "yanked"}

        kept, cursor, looked_at = walk(entries, wanted, cursor=key_of, keep=keep)
        if not cursor and len(projects) == MOST_PROJECTS:
            cursor = f"{projects[-1]}/{THROUGH}"
        return Page(faces=[as_face(release) for release in kept], after=cursor, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a release by project and version."""
        project, _, version = key.partition("/")
        found = releases(read.files(names.normalize(project)))
        return next((as_face(release) for release in found if order(release.version) == order(version)), None)


def next_projects(project: str, version: str, prefix: str, limit: int) -> list[str]:
    """Return the next projects to read, first the one that the page before broke off in."""
    first = [project] if project and version != THROUGH else []
    behind = (entry.name for entry in listing.in_order(project, prefix=prefix, limit=limit))
    return first + list(islice(behind, MOST_PROJECTS - len(first)))


def as_face(release: Release) -> Face:
    """Return a release's face."""
    return face_of(ReleaseFace, key_of(release), release)


def key_of(release: Release) -> str:
    """Return a release's key."""
    return f"{project_of(release)}/{release.version}"


def project_of(release: Release) -> str:
    """Return the project that a release is of."""
    return release.files[0].project


def state_of(release: Release) -> str:
    """Return whether a release is yanked, as a whole or in part."""
    if release.yanked:
        return "yanked"
    return "partly yanked" if any(file.yanked for file in release.files) else "listed"


class StateFilter(Choices):
    """By whether any of its files is yanked."""

    title, parameter_name = "state", "state"
    choices_ = (("listed", "not yanked"), ("yanked", "yanked, or partly"))


@admin.register(ReleaseFace, site=site)
class ReleaseAdmin(FaceAdmin):
    """Releases."""

    reader = ReleaseReader()
    chores = published.chores("release", yank=yank_release, unyank=unyank_release, delete=delete_release)
    history = staticmethod(history.of_project)
    search_fields = ("key",)
    search_help_text = "The beginning of a project's name."
    list_display = ("release", "state", "files", "size", "uploaded")
    list_filter = (published.ProjectFilter, StateFilter)
    readonly_fields = ("project", "version", "files", "size", "uploaded", "state", "names")
    fields = readonly_fields

    release = column("release", lambda release: f"{project_of(release)} {release.version}")
    project = column("project", lambda release: columns.project_link(project_of(release)))
    version = column("version", lambda release: release.version)
    files = column("files", lambda release: len(release.files))
    size = column("size", lambda release: columns.size(sum(file.size for file in release.files)))
    uploaded = column("last upload (UTC)", lambda release: columns.when(max(f.upload_time for f in release.files)))
    state = column("state", lambda release: columns.mark(state_of(release)))
    names = column(
        "its files",
        lambda release: columns.lines(
            columns.link("fileface", f"{file.project}/{file.filename}", file.filename) for file in release.files
        ),
    )

    def related(self, face: Face) -> Sequence[tuple[str, str]]:
        """Return the files of the project."""
        query = urlencode({"project": project_of(face.record)})
        return [("Files", f"{reverse('admin:packages_app_fileface_changelist')}?{query}")]
