"""Finds what a journey is about: a file, or the files of a release."""

from packages_app import names
from packages_app.catalogue import read
from packages_app.catalogue.entries import File
from packages_app.catalogue.errors import NoSuchEntry


def file(project: str, filename: str) -> File:
    """Return a listed file.

    Raises:
        NoSuchEntry: there is none of this name.
    """
    found = read.file(project, filename)
    if found is None:
        raise NoSuchEntry(f"{project} has no file named {filename[:100]}.")
    return found


def release(project: str, version: str) -> tuple[File, ...]:
    """Return the files of a release, however its version is spelled (PEP 440).

    Raises:
        NoSuchEntry: there is no such release.
    """
    found = tuple(
        file for file in read.files(project) if file.version == version or names.same_version(file.version, version)
    )
    if not found:
        raise NoSuchEntry(f"{project} has no release {version[:100]}.")
    return found


def project_of(filename: str) -> str:
    """Return the project that lists this file; the name alone may not tell where the version starts.

    Raises:
        BadFilename: no wheel or sdist has this name.
        NoSuchEntry: no project lists it.
    """
    for reading in names.readings(filename):
        if read.file(reading.project, filename) is not None:
            return reading.project
    raise NoSuchEntry(f"There is no file named {filename}.")
