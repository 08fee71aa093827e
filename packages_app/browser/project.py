"""Gathers what the page of a project, or of one of its releases, shows."""

from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from packages_app.accounts.entries import publisher_in
from packages_app.browser.about import About, about
from packages_app.browser.chart import DAYS, Chart, chart
from packages_app.browser.errors import NoSuchRelease
from packages_app.catalogue.entries import File, Project
from packages_app.catalogue.errors import NoSuchProject
from packages_app.discovery.details import project_details
from packages_app.discovery.entries import Release
from packages_app.downloads import read as downloads
from packages_app.file_store import keys


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """A file and where it is downloaded from."""

    file: File
    url: str
    metadata_url: str
    """Empty for a file without metadata beside it."""
    publisher: str
    """The id of the trusted publisher that published it; empty where somebody else did."""
    tags: str
    """A wheel's compressed tags as its name has them; empty for a source distribution."""


@dataclass(frozen=True, kw_only=True)
class ProjectView:
    """A project, one of its releases, and what that says about itself."""

    project: Project
    release: Release | None
    """None for a project that offers no files."""
    newest: Release | None
    releases: tuple[Release, ...]
    files: tuple[ShownFile, ...]
    about: About
    downloads: Chart
    """Of the last ``DAYS`` days."""


def look_up(name: str, version: str = "") -> ProjectView:
    """Return a project, by its normalised name, and one of its releases: the newest unless ``version`` says which.

    Raises:
        NoSuchProject: the index has no such project.
        NoSuchRelease: the project has no such release.
    """
    found = project_details(name)
    if found is None:
        raise NoSuchProject.named(name)
    # PEP 792: a quarantined project's files must not be offered.
    offered = found.project.status.offers_files
    newest = found.latest if offered else None
    release = found.release(version) if version and offered else newest
    if version and release is None:
        raise NoSuchRelease(f"{name} has no release {version[:100]}; its page lists those that there are.")
    return ProjectView(
        project=found.project,
        release=release,
        newest=newest,
        releases=found.releases if offered else (),
        files=tuple(shown_file(file) for file in release.files) if release else (),
        about=about(release) if release else About(),
        downloads=chart(downloads.read(name, DAYS) if release else ()),
    )


def shown_file(file: File) -> ShownFile:
    """Return a file as the page shows it."""
    # A "+" of a local version is quoted: S3 and some proxies would read it as a space.
    url = f"{reverse('home')}packages/{file.sha256}/{quote(file.filename, safe='')}"
    wheel = file.filetype == "bdist_wheel"
    return ShownFile(
        file=file,
        url=url,
        metadata_url=url + keys.METADATA if file.metadata_sha256 else "",
        publisher=publisher_in(file.uploader),
        tags="-".join(file.filename.removesuffix(".whl").split("-")[-3:]) if wheel else "",
    )
