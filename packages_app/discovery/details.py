"""Reads a project with its releases, and a release with what it says of itself.

Whether the caller may read the project, and that a quarantined one offers no files, is the caller's to see to.
"""

from packages_app.catalogue import read
from packages_app.discovery.documents import best, core_of
from packages_app.discovery.entries import ProjectDetails, ReleaseDetails
from packages_app.discovery.releases import releases


def project_details(name: str) -> ProjectDetails | None:
    """Return the project of this normalised name, by one read and one query; None when there is none."""
    found = read.project(name)
    return None if found is None else ProjectDetails(project=found, releases=releases(read.files(name)))


def described(details: ProjectDetails, version: str = "") -> ReleaseDetails | None:
    """Return a release of a project that was read already; the document comes from the store, and is kept.

    Raises:
        StoreUnavailable: the disk or bucket refuses.
    """
    release = details.release(version) if version else details.latest
    if release is None:
        return None
    return ReleaseDetails(project=details.project, release=release, metadata=core_of(best(release.files)))
