"""Operations on projects, their releases and their files, that only read."""

from packages_app import names
from packages_app.accounts.permissions import Action, demand
from packages_app.accounts.visible import visible
from packages_app.api import cursors
from packages_app.api.documents import (
    FILE,
    LISTED,
    PROJECT,
    RELEASE,
    answered,
    by_release,
    file_document,
    listed_document,
    release_document,
)
from packages_app.api.named import file_of, project_of, release_of
from packages_app.api.operations import CURSOR, LIMIT, Answer, Call, Operation, Query
from packages_app.api.shapes import page_of
from packages_app.catalogue import listing, read
from packages_app.catalogue.entries import Listed
from packages_app.simple_api.pages import by_version

LOOKED_AT_TOGETHER, MOST_LOOKED_AT = 500, 3000
"""Rows of the list that one request to the table reads, and that one page goes through at most."""

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
