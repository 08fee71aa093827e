"""What a project's page is made of: what is published here and, where there is one, what an index behind it has."""

from collections.abc import Callable
from dataclasses import dataclass

from packages_app.catalogue import read
from packages_app.catalogue.entries import Project
from packages_app.conf import options
from packages_app.simple_api.errors import NoSuchProject
from packages_app.simple_api.pages import ProjectPage, project_page


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A page that can be answered."""

    version: str
    """Changes with whatever the page shows."""
    page: Callable[[str], ProjectPage]
    """Builds it, with links relative to it or, where it is read from elsewhere, below the given address."""
    warning: str = ""
    """A ``Warning`` header: why the page may not be the newest."""


def offer(name: str) -> Offer:
    """Return what there is of a project, by its normalised name.

    Raises:
        NoSuchProject: there is nothing.
        SourceFailed: the upstream should know, does not answer, and nothing of it is kept.
    """
    found = read.project(name)
    if options().upstream.urls:
        from packages_app.simple_api.behind import offer_of  # noqa: PLC0415 - only where there is an index behind this one

        return offer_of(name, found)
    if found is None:
        raise NoSuchProject.named(name)
    return own(found)


def own(found: Project) -> Offer:
    """Return what is published here."""
    return Offer(version=str(found.serial), page=lambda base: project_page(found, read.files(found.name), base))
