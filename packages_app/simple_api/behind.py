"""Pages of projects where there is another index behind this one: ours, theirs, or both as one."""

from collections.abc import Iterator
from datetime import UTC, datetime

from packages_app.catalogue import read
from packages_app.catalogue.entries import Listed, Project, Status
from packages_app.catalogue.errors import NoSuchProject
from packages_app.conf import options
from packages_app.discovery.versions import key as version_key
from packages_app.simple_api.offers import Names, Offer, own
from packages_app.simple_api.pages import PageFile, ProjectPage, own_address, project_page
from packages_app.upstream import listing, ownership, pages, policy, rules
from packages_app.upstream.entries import Owner, UpstreamFile
from packages_app.upstream.files import is_served
from packages_app.upstream.keeping import Shown


def offer_of(name: str, found: Project | None) -> Offer:
    """Return what there is of a project; ``found`` is what is published here.

    Raises:
        NoSuchProject: there is nothing.
        SourceFailed: the upstream should know, does not answer, and nothing of it is kept.
    """
    owner = ownership.owner(name, published=found is not None)
    if owner is Owner.LOCAL:
        if found is None:
            raise NoSuchProject.named(name)
        return own(found)
    shown = pages.page(name)
    if shown is None:
        if found is None or owner is Owner.UPSTREAM:
            raise NoSuchProject(f"Neither this index nor the one behind it has a project named {name}.")
        return own(found)
    return behind(name, shown, found if owner is Owner.MERGE else None)


def behind(name: str, shown: Shown, found: Project | None) -> Offer:
    """Return what the upstream has, after what is published here where both count."""
    at = policy.current()
    state = f"{shown.kept.serial}.{policy.fingerprint(name, at)}.{options().upstream.files}"

    def build(base: str) -> ProjectPage:
        theirs = upstream_page(shown, at, base)
        return theirs if found is None else merged(project_page(found, read.files(name), base), theirs)

    return Offer(
        version=state if found is None else f"{found.serial}.{state}",
        page=build,
        warning=warning_of(shown) if shown.stale else "",
    )


def upstream_page(shown: Shown, at: datetime, base: str) -> ProjectPage:
    """Return the upstream's page as this index shows it."""
    page = pages.contents(shown)
    judged = policy.judged(page, at)
    files = sorted(judged.files, key=lambda file: (version_key(file.version), file.filetype != "sdist", file.filename))
    with_files = {version_key(file.version): file.version for file in files}
    gone = {version_key(each.version) for each in judged.hidden} - with_files.keys()
    # PEP 700: the upstream may list versions that have no files; those whose files are all hidden lead to nothing.
    listed = {key: version for key, version in with_files.items() if version}
    listed |= {key: version for version in page.versions if (key := version_key(version)) not in gone}
    return ProjectPage(
        name=page.name,
        serial=shown.kept.serial,
        status=page.status,
        status_reason=page.status_reason,
        versions=tuple(listed[key] for key in sorted(listed)),
        files=tuple(page_file(file, base) for file in files),
    )


def page_file(file: UpstreamFile, base: str) -> PageFile:
    """Return an upstream's file as the page shows it."""
    # In `keep`, what has no digest could not be checked and so not be kept; installers look into the wheel instead.
    unchecked = file.core_metadata == "true" and options().upstream.files == "keep" and is_served(file)
    return PageFile(
        filename=file.filename,
        url=own_address(file.sha256, file.filename, base) if is_served(file) else file.url,
        hashes=dict(file.hashes),
        size=file.size,
        upload_time=file.upload_time,
        requires_python=file.requires_python,
        metadata="" if unchecked else file.core_metadata,
        yanked=file.yanked,
        yanked_reason=file.yanked_reason,
        provenance=file.provenance,
    )


def merged(ours: ProjectPage, theirs: ProjectPage) -> ProjectPage:
    """Return both pages as one: what is published here counts where both have a file of one name, and by its status."""
    names = {file.filename for file in ours.files}
    closed = not Status(ours.status).offers_files  # PEP 792: nothing of it must be offered
    listed = {version_key(version): version for version in (*(() if closed else theirs.versions), *ours.versions)}
    others = () if closed else tuple(file for file in theirs.files if file.filename not in names)
    return ProjectPage(
        name=ours.name,
        serial=max(ours.serial, theirs.serial),
        status=ours.status,
        status_reason=ours.status_reason,
        versions=tuple(listed[key] for key in sorted(listed)),
        files=(*ours.files, *others),
    )


def names() -> Names | None:
    """Return the upstream's projects, without those that are this index's own.

    Raises:
        SourceFailed: the upstream does not answer, and its list is not kept.
    """
    shown = listing.names()
    if shown is None:
        return None
    serial = shown.kept.serial

    def listed() -> Iterator[Listed]:
        found, known = listing.contents(shown), rules.known()
        return (
            Listed(name=name, serial=serial)
            for name in found
            if not known or ownership.decide(name, published=False, known=known) is not Owner.LOCAL
        )

    return Names(
        version=f".{serial}.{ownership.fingerprint()}",
        serial=serial,
        listed=listed,
        warning=warning_of(shown) if shown.stale else "",
    )


def warning_of(shown: Shown) -> str:
    """Return the header's value: RFC 7234 numbered "response is stale" 110; no later RFC has another header for it."""
    at = datetime.fromtimestamp(shown.kept.checked_at / 1_000_000, tz=UTC)
    return f'110 elastic-pypi "The upstream index does not answer; this is what it had at {at:%Y-%m-%d %H:%M:%S} UTC"'
