"""What pages and documents for people show, as frozen records."""

from dataclasses import dataclass
from datetime import datetime

from packages_app.catalogue.entries import File, Project
from packages_app.discovery.versions import Key, key
from packages_app.metadata.entries import CoreMetadata


@dataclass(frozen=True, kw_only=True)
class Release:
    """All files of one version of a project."""

    version: str
    files: tuple[File, ...]
    """The sdist first, then wheels by name."""
    prerelease: bool
    yanked: bool
    """Whether every file is; a release of which some files are yanked can still be installed."""
    uploaded: datetime
    """When its first file came."""

    @property
    def yanked_reason(self) -> str:
        """Why it is yanked; empty where nothing was said, or where it is not."""
        return next((file.yanked_reason for file in self.files if file.yanked_reason), "") if self.yanked else ""

    @property
    def rank(self) -> tuple[bool, bool, Key]:
        """What finds the latest release: not yanked, final, highest version."""
        return not self.yanked, not self.prerelease, key(self.version)

    @property
    def requires_python(self) -> str:
        """Its Requires-Python as its files say it; empty for any."""
        return next((file.requires_python for file in self.files if file.requires_python), "")


@dataclass(frozen=True, kw_only=True)
class ProjectDetails:
    """A project with its releases."""

    project: Project
    releases: tuple[Release, ...]
    """The newest version first; what PEP 440 does not know comes last."""

    @property
    def latest(self) -> Release | None:
        """The newest final release that is not yanked; where there is none, the newest pre-release, then any."""
        return max(self.releases, key=lambda release: release.rank, default=None)

    def release(self, version: str) -> Release | None:
        """Return the release of a version, however it is spelled (PEP 440)."""
        wanted = key(version)
        return next((release for release in self.releases if key(release.version) == wanted), None)


@dataclass(frozen=True, kw_only=True)
class ReleaseDetails:
    """A release, and what it says of itself."""

    project: Project
    release: Release
    metadata: CoreMetadata | None
    """Of its first wheel or else its sdist; None when the document is not in the store."""


@dataclass(frozen=True, kw_only=True)
class RecentRelease:
    """A release that was published lately, with its project as it is now."""

    project: Project
    version: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of what a search found, best first."""

    projects: tuple[Project, ...]
    cursor: str = ""
    """What to ask for the next page with; empty at the end."""
