"""What a project's page is made of: what is published here and, where there is one, what an index behind it has."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter

from packages_app.catalogue import read
from packages_app.catalogue.entries import Listed, Project
from packages_app.catalogue.errors import NoSuchProject
from packages_app.conf import options
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


@dataclass(frozen=True, kw_only=True)
class Names:
    """Further projects for the list of all."""

    version: str
    """Changes with them."""
    serial: int
    listed: Callable[[], Iterator[Listed]]
    """Yields them in the order of their names; what can be refused is refused when it is called."""
    warning: str = ""
    """A ``Warning`` header: why they may not be the newest."""


def more_names() -> Names | None:
    """Return the projects of an index behind this one, where the settings ask for them.

    Raises:
        SourceFailed: it does not answer, and its list is not kept.
    """
    if not (options().upstream.urls and options().upstream.list_names):
        return None
    from packages_app.simple_api.behind import names  # noqa: PLC0415 - only where there is an index behind this one

    return names()


def with_more(ours: Iterable[Listed], more: Iterable[Listed]) -> Iterator[Listed]:
    """Yield both in the order of their names, as each of them is; where both have a project, ours."""
    last = ""
    for each in merge(ours, more, key=attrgetter("name")):  # which takes from the first one first
        if each.name != last:
            yield each
        last = each.name
