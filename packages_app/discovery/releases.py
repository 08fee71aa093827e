"""Groups files into releases."""

from collections.abc import Iterable

from packages_app import names
from packages_app.catalogue.entries import File
from packages_app.discovery.entries import Release
from packages_app.discovery.versions import Key, key


def releases(files: Iterable[File]) -> tuple[Release, ...]:
    """Return the releases that these files make, the newest version first."""
    groups: dict[Key, list[File]] = {}
    for file in files:
        groups.setdefault(key(file.version), []).append(file)
    return tuple(release(groups[each]) for each in sorted(groups, reverse=True))


def release(files: list[File]) -> Release:
    """Return the release that files of one version make."""
    ordered = sorted(files, key=lambda file: (file.filetype != "sdist", file.filename))
    known = names.as_version(ordered[0].version)
    return Release(
        version=ordered[0].version,
        files=tuple(ordered),
        prerelease=known is not None and known.is_prerelease,
        yanked=all(file.yanked for file in ordered),
        uploaded=min(file.upload_time for file in ordered),
    )
