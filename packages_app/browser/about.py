"""Says what a release says about itself: its core metadata, and its description as safe HTML."""

from dataclasses import dataclass, replace
from functools import lru_cache

from packages_app.browser.readme.shown import shown
from packages_app.browser.releases import Release
from packages_app.catalogue.entries import File
from packages_app.errors import Unavailable
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing
from packages_app.metadata import core
from packages_app.metadata.entries import CoreMetadata
from packages_app.metadata.errors import BadMetadata
from packages_app.metadata.limits import LONGEST_METADATA

KEPT = 64
"""Releases whose metadata is kept, without descriptions, which are kept as they are shown."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a release says about itself."""

    core: CoreMetadata | None = None
    """None where no file of it has metadata that can be read; its description is in ``readme``."""
    readme: str = ""
    """Safe HTML."""
    unreadable: bool = False
    """Whether there is metadata that the store cannot give now."""


def about(release: Release) -> About:
    """Return what the release says, from the first of its files that has metadata."""
    file = next((file for file in release.files if file.metadata_sha256), None)
    if file is None:
        return About()

    def description() -> tuple[str, str]:
        found = document(file)
        return found.description, found.description_content_type

    try:
        return About(core=described(file.sha256, file.filename), readme=shown(file.metadata_sha256, description))
    except BadMetadata:
        return About()
    except (BlobMissing, Unavailable):  # the page still has the files
        return About(unreadable=True)


@lru_cache(maxsize=KEPT)
def described(sha256: str, filename: str) -> CoreMetadata:
    """Return a file's core metadata without its description."""
    return replace(parsed(sha256, filename), description="")


def document(file: File) -> CoreMetadata:
    """Return a file's whole core metadata."""
    return parsed(file.sha256, file.filename)


def parsed(sha256: str, filename: str) -> CoreMetadata:
    """Return what a file's ``.metadata`` says.

    Raises:
        BadMetadata: it breaks a rule.
        StoreUnavailable: the store cannot give it.
    """
    return core.parse(store.read(keys.metadata(sha256, filename), LONGEST_METADATA))
