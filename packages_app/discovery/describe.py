"""Brings what lists and search show of a project up to date, after something of it changed.

This follows the change in a step of its own, so that a change needs no look at all files of a project, and two
changes do not wait for each other. The change itself notes in the project's row what is to be looked at
(``Project.pending``). Whoever is killed before or within this step leaves the note, and reconcile takes it up.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from packages_app import names
from packages_app.catalogue import descriptions, read, recent
from packages_app.catalogue.entries import Description, File, Project
from packages_app.discovery import index
from packages_app.discovery.documents import best, core_of
from packages_app.discovery.entries import Release
from packages_app.discovery.releases import releases
from packages_app.discovery.versions import key
from packages_app.errors import PackagesError

log = logging.getLogger(__name__)

ATTEMPTS = 5
LONGEST_SUMMARY, LONGEST_KEYWORD, MOST_KEYWORDS = 512, 50, 20


def after_change(project: str, published: Sequence[File] = ()) -> None:
    """Describe a project anew; the change stands whatever happens here, so a failure is only logged.

    ``published`` are files that were just listed: mostly they alone decide.
    """
    try:
        describe(project, published)
    except PackagesError as error:
        log.warning("The description of %s is out of date until the next change or reconcile: %s", project, error)


def after_deletion(project: str, files: Sequence[File]) -> None:
    """Let nothing show that files of a project, or the project itself, were deleted; failures are only logged."""
    try:
        recent.forget(files)
        index.remove(project)
        describe(project)
    except PackagesError as error:
        log.warning("Lists and search may show what was deleted of %s until the next reconcile: %s", project, error)


def is_current(project: Project) -> bool:
    """Return whether lists and search show what the project is."""
    return not project.pending and index.is_current(project)


def describe(project: str, published: Sequence[File] = ()) -> None:
    """Describe a project anew, and let the search find it by that.

    Raises:
        Unavailable: catalogue or store cannot answer now.
    """
    for _ in range(ATTEMPTS):
        found = read.project(project)
        if found is None or is_current(found):
            return
        if not found.pending:
            index.update(found)
        elif descriptions.describe(found, description(found, published)):
            published = ()


def description(project: Project, published: Sequence[File]) -> Description:
    """Return the description; all files of the project are read only where those just published do not decide."""
    latest = project.described.latest
    newer = releases(published)
    if not latest or not project.pending <= {file.version for file in published}:
        return described(project, releases(read.files(project.name)))
    newest = max(newer, key=lambda release: release.rank)
    if key(newest.version) == key(latest) or not outranks(newest, latest):
        return replace(project.described, updated=updated(project, newer))
    return described(project, newer)


def outranks(release: Release, latest: str) -> bool:
    """Return whether a release that is not yanked is later than the version that is the latest now."""
    known = names.as_version(latest)
    return not release.yanked and release.rank > (True, known is None or not known.is_prerelease, key(latest))


def described(project: Project, found: Sequence[Release]) -> Description:
    """Return the description by the latest of some releases."""
    latest = max(found, key=lambda release: release.rank, default=None)
    if latest is None:
        return Description(updated=project.described.updated)
    core = core_of(best(latest.files))
    summary, keywords = (core.summary, core.keywords) if core is not None else ("", ())
    return Description(
        latest="" if latest.yanked else latest.version,
        summary=shortened(summary, LONGEST_SUMMARY),
        keywords=tuple(
            dict.fromkeys(text for word in keywords if (text := shortened(word.replace(",", " "), LONGEST_KEYWORD)))
        )[:MOST_KEYWORDS],
        updated=updated(project, found),
    )


def updated(project: Project, found: Sequence[Release]) -> datetime | None:
    """Return when the newest file came."""
    times = [file.upload_time for release in found for file in release.files]
    if project.described.updated is not None:
        times.append(project.described.updated)
    return max(times, default=None)


def shortened(text: str, length: int) -> str:
    """Return a text on one line, and not longer than this."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
