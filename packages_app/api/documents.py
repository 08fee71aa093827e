"""How the door shows projects, releases and files, and the shapes of those documents."""

from collections.abc import Iterable

from packages_app.api.operations import Answer
from packages_app.api.shapes import Field, Json, Shape
from packages_app.catalogue import read
from packages_app.catalogue.entries import File, Listed, Project, Status
from packages_app.discovery.releases import releases as grouped
from packages_app.simple_api.pages import upload_time

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


def listed_document(entry: Listed) -> Json:
    """Return a project of the list."""
    return {"name": entry.name, "serial": entry.serial}


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


def by_release(found: Iterable[File]) -> dict[str, tuple[File, ...]]:
    """Return files by their version, oldest first; PEP 440: 1.0 and 1.0.0 are one version."""
    return {release.version: release.files for release in reversed(grouped(found))}
