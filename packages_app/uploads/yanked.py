"""What is published into a yanked release comes yanked: a release that was taken back stays so, whatever joins it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from packages_app import names
from packages_app.catalogue import read
from packages_app.catalogue.entries import File, Listing

Named = Callable[[str, str], tuple[File, ...]]
"""Returns the files of a project whose names begin so."""


def as_its_release(file: File, named: Named = read.files_named) -> File:
    """Return a file that is about to be listed, yanked with the same reason where all others of its release are.

    PEP 592 yanks files; people mean releases. An installer that passes over 1.0 must not take 1.0 again because its
    sdist came later.
    """
    others = [
        each
        for each in named(file.project, stem(file.filename))
        if each.filename != file.filename and names.same_version(each.version, file.version)
    ]
    if not others or not all(each.yanked for each in others):
        return file
    reason = next((each.yanked_reason for each in others if each.yanked_reason), "")
    return replace(file, yanked=True, yanked_reason=reason)


def as_their_release(listings: Sequence[Listing]) -> list[Listing]:
    """Return the files of one release in the same way; what is listed already is asked for once."""
    named = cache(read.files_named)
    return [replace(each, file=as_its_release(each.file, named)) for each in listings]


def stem(filename: str) -> str:
    """Return the beginning that all files of a release have in common: ``acme_core-1.0``."""
    if filename.endswith(".whl"):
        return "-".join(filename.split("-")[:2])
    return filename.removesuffix(".tar.gz")
