"""Files in the admin: the list by project, a file's page, yanking and deleting."""

from itertools import islice

from django.contrib import admin

from packages_app import names
from packages_app.admin import columns, history, published
from packages_app.admin.base import FaceAdmin
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, FileFace
from packages_app.admin.filters import Choices
from packages_app.admin.readers import MOST_LOOKED_AT, Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site
from packages_app.catalogue import listing, read
from packages_app.catalogue.entries import File
from packages_app.maintenance.delete import delete_file
from packages_app.maintenance.yank import unyank, yank

ENDINGS = (".whl", ".tar.gz", ".zip")
MOST_OF_ALL = 300
"""Files of all projects that one request looks at: each project is a request of its own."""


class FileReader(Reader):
    """Files in the order of projects and file names; a search is a whole file name or the beginning of a project's."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page of one project's files, or of all."""
        if wanted.search.endswith(ENDINGS):
            return Page(faces=[as_face(file) for file in named(wanted.search)])
        project, _, filename = wanted.after.partition("/")
        only = names.normalize(wanted.filters.get("project", ""))
        entries = (
            listing.files_behind(only, filename, wanted.limit)
            if only
            else listing.files_in_order(project, filename, prefix=names.normalize(wanted.search), limit=wanted.limit)
        )
        state, kind = wanted.filters.get("state", ""), wanted.filters.get("kind", "")

        def keep(file: File) -> bool:
            return state in {"", "yanked" if file.yanked else "listed"} and kind in {"", file.filetype}

        most = MOST_LOOKED_AT if only else MOST_OF_ALL
        kept, after, looked_at = walk(entries, wanted, cursor=key_of, keep=keep, most=most)
        return Page(faces=[as_face(file) for file in kept], after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a file by its key."""
        project, _, filename = key.partition("/")
        found = read.file(names.normalize(project), filename)
        return None if found is None else as_face(found)


def named(filename: str) -> list[File]:
    """Return the files of this name; it alone may not tell where the version starts."""
    try:
        readings = names.readings(filename)
    except names.BadFilename:
        return []
    found = (read.file(reading.project, filename) for reading in readings)
    return list(islice((file for file in found if file is not None), 1))


def key_of(file: File) -> str:
    """Return a file's key."""
    return f"{file.project}/{file.filename}"


def as_face(file: File) -> Face:
    """Return a file's face."""
    return face_of(FileFace, key_of(file), file)


class StateFilter(Choices):
    """By whether a file is yanked."""

    title, parameter_name = "state", "state"
    choices_ = (("listed", "not yanked"), ("yanked", "yanked"))


class KindFilter(Choices):
    """By what it is."""

    title, parameter_name = "kind", "kind"
    choices_ = (("bdist_wheel", "wheel"), ("sdist", "sdist"))


@admin.register(FileFace, site=site)
class FileAdmin(FaceAdmin):
    """Files."""

    reader = FileReader()
    chores = published.chores("file", yank=yank, unyank=unyank, delete=delete_file)
    history = staticmethod(history.of_project)
    search_fields = ("key",)
    search_help_text = "The beginning of a project's name, or a whole file name."
    list_display = ("filename", "version", "state", "size", "uploaded", "uploader")
    list_filter = (published.ProjectFilter, StateFilter, KindFilter)
    readonly_fields = (
        "filename",
        "project",
        "version",
        "kind",
        "size",
        "uploaded",
        "uploader",
        "state",
        "reason",
        "requires_python",
        "sha256",
        "blake2_256",
        "metadata_sha256",
        "attestations_sha256",
    )
    fields = readonly_fields

    filename = column("file", lambda file: file.filename)
    project = column("project", lambda file: columns.project_link(file.project))
    version = column(
        "version", lambda file: columns.link("releaseface", f"{file.project}/{file.version}", file.version)
    )
    kind = column("kind", lambda file: dict(KindFilter.choices_).get(file.filetype, file.filetype))
    size = column("size", lambda file: columns.size(file.size))
    uploaded = column("uploaded (UTC)", lambda file: columns.when(file.upload_time))
    uploader = column("by", lambda file: columns.actor(file.uploader))
    state = column("state", lambda file: columns.mark("yanked") if file.yanked else "listed")
    reason = column("yanked because", lambda file: file.yanked_reason)
    requires_python = column("Requires-Python", lambda file: file.requires_python)
    sha256 = column("SHA-256", lambda file: file.sha256)
    blake2_256 = column("BLAKE2b-256", lambda file: file.blake2_256)
    metadata_sha256 = column("metadata's SHA-256", lambda file: file.metadata_sha256)
    attestations_sha256 = column("attestations' SHA-256", lambda file: file.attestations_sha256)
