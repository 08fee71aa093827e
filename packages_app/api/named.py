"""What the path of an operation names: a project, a release or a file."""

from packages_app import names
from packages_app.accounts.permissions import Action, demand
from packages_app.api.documents import by_release
from packages_app.api.operations import Call
from packages_app.catalogue import read
from packages_app.catalogue.entries import File, Project
from packages_app.catalogue.errors import NoSuchEntry, NoSuchProject
from packages_app.catalogue.sought import normalized


def project_of(call: Call) -> Project:
    """Return the project that the path names.

    Raises:
        NoSuchProject: there is none that the caller may know of.
    """
    name = name_of(call)
    demand(call.who, Action.READ, name)
    found = read.project(name)
    if found is None:
        raise NoSuchProject.named(name)
    return found


def name_of(call: Call) -> str:
    """Return the normalised name that the path names, whether or not there is such a project.

    Raises:
        NoSuchProject: no project can have this name.
    """
    return normalized(call.place["project"])


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
