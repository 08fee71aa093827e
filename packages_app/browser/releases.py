"""Puts a project's files together as releases, newest version first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from packages_app import names
from packages_app.catalogue.entries import File
from packages_app.simple_api.pages import by_version, version_key


@dataclass(frozen=True, kw_only=True)
class Release:
    """The files of one version."""

    version: str
    files: tuple[File, ...]

    @property
    def published(self) -> datetime:
        """When its first file came."""
        return min(file.upload_time for file in self.files)

    @property
    def yanked(self) -> bool:
        """Whether installers pass over all of it (PEP 592)."""
        return all(file.yanked for file in self.files)

    @property
    def yanked_reason(self) -> str:
        """Why, in the words of whoever yanked it; empty where nobody said."""
        return next((file.yanked_reason for file in self.files if file.yanked_reason), "")

    @property
    def prerelease(self) -> bool:
        """Whether installers take it only when they are asked to."""
        version = names.as_version(self.version)
        return version is None or version.is_prerelease

    @property
    def requires_python(self) -> str:
        """The first of its files' demands."""
        return next((file.requires_python for file in self.files if file.requires_python), "")


def releases(files: Iterable[File]) -> tuple[Release, ...]:
    """Return the releases that these files make, newest version first."""
    ordered = sorted(files, key=by_version)
    grouped = groupby(ordered, key=lambda file: version_key(file.version))
    found = [tuple(group) for _, group in grouped]
    return tuple(Release(version=group[0].version, files=group) for group in reversed(found))


def newest(found: tuple[Release, ...]) -> Release | None:
    """Return the release that an installer would take: the newest that is neither yanked nor a pre-release."""
    return max(found, key=lambda release: (not release.yanked, not release.prerelease), default=None)


def of_version(found: tuple[Release, ...], version: str) -> Release | None:
    """Return the release of this version, however it is spelled (PEP 440)."""
    for release in found:
        if release.version == version or names.same_version(release.version, version):
            return release
    return None
