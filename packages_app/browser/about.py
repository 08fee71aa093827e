"""Says what a release says about itself: its facts, arranged for reading, and its description as safe HTML."""

from dataclasses import dataclass

from packages_app.browser.facts import Facts, facts
from packages_app.browser.readme.shown import shown
from packages_app.discovery.documents import best, core_of
from packages_app.discovery.entries import Release
from packages_app.errors import Unavailable
from packages_app.metadata.entries import CoreMetadata


@dataclass(frozen=True, kw_only=True)
class About:
    """What a release says about itself."""

    facts: Facts | None = None
    """None where no file of it has metadata that can be read."""
    readme: str = ""
    """Safe HTML."""
    unreadable: bool = False
    """Whether there is metadata that the store cannot give now."""


def about(release: Release) -> About:
    """Return what the release says; a page of files without a description is better than none."""
    file = best(release.files)
    digest = file.metadata_sha256 or file.pkg_info_sha256
    if not digest:
        return About()
    try:
        core = core_of(file)
    except Unavailable:
        core = None
    if core is None:
        return About(unreadable=True)
    return About(facts=facts(core), readme=shown(digest, lambda: described(core)))


def described(core: CoreMetadata) -> tuple[str, str]:
    """Return the description with its content type."""
    return core.description, core.description_content_type
