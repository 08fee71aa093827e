"""Operations on projects, their releases and their files, that only read."""

from collections.abc import Iterable

from packages_app import names
from packages_app.accounts.permissions import Action, demand
from packages_app.accounts.visible import visible
from packages_app.api import cursors
from packages_app.api.operations import CURSOR, LIMIT, Answer, Call, Operation, Query
from packages_app.api.shapes import Field, Json, Shape, page_of
from packages_app.catalogue import listing, read
from packages_app.catalogue.entries import File, Listed, Project, Status
from packages_app.catalogue.errors import NoSuchEntry
from packages_app.discovery.releases import releases as grouped
from packages_app.simple_api.errors import NoSuchProject
from packages_app.simple_api.pages import by_version, upload_time

LOOKED_AT_TOGETHER, MOST_LOOKED_AT = 500, 3000
"""Rows of the list that one request to the table reads, and that one page goes through at most."""

NAME = Field(kind="string", about="The project's normalised name.", required=True)
SERIAL = Field(kind="integer", about="Microseconds since the epoch of the last visible change.", required=True)

LISTED = Shape(name="ListedProject", about="A project in the list.", fields={"name": NAME, "serial": SERIAL})
FILE = Shape(
    name="File",
    about="A published distribution file.",
    fields={
        "filename": Field(kind="string", about="The file's name.", required=True),
        "project": NAME,
        "version": Field(kind="string", about="The release it belongs to, in its normal form.", required=True),
        "filetype": Field(
            kind="string", about="What it is.", required=True, choices=("bdist_wheel", "sdist"), longest=20
        ),
        "size": Field(kind="integer", about="Bytes.", required=True),
        "sha256": Field(kind="string", about="Digest in lower-case hexadecimal.", required=True),
        "upload-time": Field(kind="string", about="When it was published, RFC 3339 in UTC.", required=True),
        "uploader": Field(kind="string", about="Who published it; empty where nobody knows.", required=True),
        "requires-python": Field(kind="string", about="Its Requires-Python; empty for any.", required=True),
        "yanked": Field(kind="boolean", about="Whether it is yanked (PEP 592).", required=True),
        "yanked-reason": Field(kind="string", about="Why; empty where nothing was said.", required=True),
        "path": Field(kind="string", about="Where it is downloaded from, below the index's address.", required=True),
    },
)
RELEASE = Shape(
    name="Release",
    about="All files of one version of a project.",
    fields={
        "project": NAME,
        "version": Field(kind="string", about="The version in its normal form.", required=True),
        "yanked": Field(kind="boolean", about="Whether every file of it is yanked.", required=True),
        "files": Field(kind="array", about="Its files.", required=True, items=FILE),
    },
)
PROJECT = Shape(
    name="Project",
    about="A project.",
    fields={
        "name": NAME,
        "display-name": Field(kind="string", about="The name as its maintainers write it.", required=True),
        "serial": SERIAL,
        "status": Field(
            kind="string",
            about="The status marker (PEP 792).",
            required=True,
            choices=tuple(status.value for status in Status),
        ),
        "status-reason": Field(kind="string", about="Why; empty where nothing was said.", required=True),
        "versions": Field(
            kind="array",
            about="Its versions, oldest first.",
            required=True,
            items=Field(kind="string", about="A version."),
        ),
    },
)
PREFIX = Query(name="prefix", about="Only projects whose normalised name begins so.")


def listed(call: Call) -> Answer:
    """Answer a page of the projects that the caller may read."""
    demand(call.who, Action.READ)
    entries, place = readable_page(call)
    return Answer(document={"entries": list(map(listed_document, entries)), "next": cursors.written(place)})


def readable_page(call: Call) -> tuple[list[Listed], str]:
    """Return a page of the projects that the caller may read, and the place where it ended; empty at the end.

    What the caller may not know of is passed over, so that neither a short page nor a further one tells of it; a page
    that goes through many of those comes with fewer projects, and a place.
    """
    prefix = names.normalize(call.text("prefix"))[: names.LONGEST_NAME + 1]
    readable, found, place, left = visible(call.who), list[Listed](), call.after, MOST_LOOKED_AT
    together = call.limit if readable.everything else max(call.limit, LOOKED_AT_TOGETHER)
    while left > 0:
        page = listing.page(place, together, prefix=prefix)
        for entry in page:
            place = entry.name
            if entry.name in readable:
                found.append(entry)
            if len(found) == call.limit:
                return found, place
        if len(page) < together:
            return found, ""
        left -= len(page)
    return found, place


def shown(call: Call) -> Answer:
    """Answer one project."""
    found = project_of(call)
    return answered(found)


def releases(call: Call) -> Answer:
    """Answer every release of a project, oldest first."""
    found = project_of(call)
    documents = [
        release_document(found.name, version, files) for version, files in by_release(read.files(found.name)).items()
    ]
    return Answer(document={"entries": documents, "next": None}, serial=found.serial)


def release(call: Call) -> Answer:
    """Answer one release of a project."""
    found = project_of(call)
    version, files = release_of(found, call.place["version"])
    return Answer(document=release_document(found.name, version, files), serial=found.serial)


def files(call: Call) -> Answer:
    """Answer every file of a project, oldest version first."""
    found = project_of(call)
    entries = [file_document(file) for file in sorted(read.files(found.name), key=by_version)]
    return Answer(document={"entries": entries, "next": None}, serial=found.serial)


def file(call: Call) -> Answer:
    """Answer one file of a project."""
    found = project_of(call)
    return Answer(document=file_document(file_of(found, call.place["filename"])), serial=found.serial)


def project_of(call: Call) -> Project:
    """Return the project that the path names.

    Raises:
        NoSuchProject: there is none that the caller may know of.
    """
    name = name_of(call)
    demand(call.who, Action.READ, name)
    found = read.project(name)
    if found is None:
        raise NoSuchProject(f"This index has no project named {name}.")
    return found


def name_of(call: Call) -> str:
    """Return the normalised name that the path names, whether or not there is such a project.

    Raises:
        NoSuchProject: no project can have this name.
    """
    given = call.place["project"]
    if not names.is_valid_name(given):
        raise NoSuchProject("This index has no such project: that is no name a project can have.")
    return names.normalize(given)


def release_of(project: Project, version: str) -> tuple[str, tuple[File, ...]]:
    """Return a release's version in its normal form and its files.

    Raises:
        NoSuchEntry: the project has no such release.
    """
    for known, found in by_release(read.files(project.name)).items():
        if known == version or names.same_version(known, version):
            return known, found
    raise NoSuchEntry(f"The project {project.name} has no release {version[:80]!a}.")


def file_of(project: Project, filename: str) -> File:
    """Return a file of a project.

    Raises:
        NoSuchEntry: the project has no such file.
    """
    found = read.file(project.name, filename)
    if found is None:
        raise NoSuchEntry(f"The project {project.name} has no file named {filename[:200]!a}.")
    return found


def by_release(found: Iterable[File]) -> dict[str, tuple[File, ...]]:
    """Return files by their version, oldest first; PEP 440: 1.0 and 1.0.0 are one version."""
    return {release.version: release.files for release in reversed(grouped(found))}


def answered(found: Project) -> Answer:
    """Return the answer that shows a project as it is now."""
    return Answer(
        document={
            "name": found.name,
            "display-name": found.display_name,
            "serial": found.serial,
            "status": found.status.value,
            "status-reason": found.status_reason,
            "versions": list(by_release(read.files(found.name))),
        },
        serial=found.serial,
    )


def listed_document(entry: Listed) -> Json:
    """Return a project of the list."""
    return {"name": entry.name, "serial": entry.serial}


def release_document(project: str, version: str, found: tuple[File, ...]) -> Json:
    """Return a release."""
    return {
        "project": project,
        "version": version,
        "yanked": all(each.yanked for each in found),
        "files": [file_document(each) for each in found],
    }


def file_document(found: File) -> Json:
    """Return a file."""
    return {
        "filename": found.filename,
        "project": found.project,
        "version": found.version,
        "filetype": found.filetype,
        "size": found.size,
        "sha256": found.sha256,
        "upload-time": upload_time(found.upload_time),
        "uploader": found.uploader,
        "requires-python": found.requires_python,
        "yanked": found.yanked,
        "yanked-reason": found.yanked_reason,
        "path": f"packages/{found.sha256}/{found.filename}",
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="projects",
        name="listProjects",
        about="The projects that you may read, page by page, in no particular order.",
        run=listed,
        answer=page_of(LISTED, "A page of projects."),
        query=(PREFIX, CURSOR, LIMIT),
    ),
    Operation(
        method="GET",
        path="projects/{project}",
        name="showProject",
        about="One project.",
        run=shown,
        answer=PROJECT,
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path="projects/{project}/releases",
        name="listReleases",
        about="Every release of a project, oldest first.",
        run=releases,
        answer=page_of(RELEASE, "The releases of a project."),
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path="projects/{project}/releases/{version}",
        name="showRelease",
        about="One release.",
        run=release,
        answer=RELEASE,
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path="projects/{project}/files",
        name="listFiles",
        about="Every file of a project, oldest version first.",
        run=files,
        answer=page_of(FILE, "The files of a project."),
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path="projects/{project}/files/{filename}",
        name="showFile",
        about="One file.",
        run=file,
        answer=FILE,
        refusals=(404,),
    ),
)
