"""Gathers what the page shows of a project that only the index behind this one has."""

from dataclasses import dataclass

from django.urls import reverse

from packages_app import names
from packages_app.browser.errors import NoSuchRelease
from packages_app.browser.links import is_web
from packages_app.catalogue.entries import Status
from packages_app.discovery.versions import key
from packages_app.names import BadFilename
from packages_app.simple_api.offers import offer
from packages_app.simple_api.pages import PageFile, ProjectPage


@dataclass(frozen=True, kw_only=True)
class BehindView:
    """A project of another index, and the files of one of its releases."""

    name: str
    version: str
    versions: tuple[str, ...]
    """Those that have files, the newest first."""
    files: tuple[PageFile, ...]
    status: Status
    """As the other index says (PEP 792)."""
    status_reason: str


def look_up(name: str, version: str = "") -> BehindView:
    """Return a project, by its normalised name, and one of its releases: the newest unless ``version`` says which.

    Raises:
        NoSuchProject: the other index has no such project.
        NoSuchRelease: the project has no such release with files that may be had from here.
        SourceFailed: the other index does not answer.
    """
    page = offer(name).page(reverse("home"))
    found = by_version(page)
    versions = tuple(sorted(found, key=key, reverse=True))
    if version:
        chosen = next((each for each in versions if each == version or names.same_version(each, version)), "")
    else:
        chosen = max(versions, key=lambda each: rank(each, found[each]), default="")
    if version and not chosen:
        raise NoSuchRelease(f"{name} has no release {version[:100]}; its page lists those that there are.")
    return BehindView(
        name=name,
        version=chosen,
        versions=versions,
        files=tuple(found.get(chosen, ())),
        status=Status(page.status),
        status_reason=page.status_reason,
    )


def by_version(page: ProjectPage) -> dict[str, list[PageFile]]:
    """Return the wheels and sdists of a page that can be followed, by their versions."""
    found: dict[str, list[PageFile]] = {}
    for file in page.files:
        try:
            readings = names.readings(file.filename)
        except BadFilename:  # old kinds, such as eggs
            continue
        # An old name can be split in several ways; the page is of one project.
        reading = next((each for each in readings if each.project == page.name), readings[0])
        if file.url.startswith(reverse("home")) or is_web(file.url):
            found.setdefault(str(reading.version), []).append(file)
    return found


def rank(version: str, files: list[PageFile]) -> tuple[bool, bool, object]:
    """Return what finds the newest: not yanked, final, highest."""
    known = names.as_version(version)
    return not all(file.yanked for file in files), known is not None and not known.is_prerelease, key(version)
