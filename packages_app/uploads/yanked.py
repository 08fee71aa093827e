"""What is published into a yanked release comes yanked: a release that was taken back stays so, whatever joins it."""

from dataclasses import replace

from packages_app import names
from packages_app.catalogue import read
from packages_app.catalogue.entries import File


def as_its_release(file: File) -> File:
    """Return a file that is about to be listed, yanked with the same reason where all others of its release are.

    PEP 592 yanks files; people mean releases. An installer that passes over 1.0 must not take 1.0 again because its
    sdist came later.
    """
    others = [
        each
        for each in read.files_named(file.project, stem(file.filename))
        if each.filename != file.filename and names.same_version(each.version, file.version)
    ]
    if not others or not all(each.yanked for each in others):
        return file
    reason = next((each.yanked_reason for each in others if each.yanked_reason), "")
    return replace(file, yanked=True, yanked_reason=reason)


def stem(filename: str) -> str:
    """Return the beginning that all files of a release have in common: ``acme_core-1.0``."""
    if filename.endswith(".whl"):
        return "-".join(filename.split("-")[:2])
    return filename.removesuffix(".tar.gz")
