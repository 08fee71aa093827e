"""Files of the upstream: which of them this index serves itself, and what an address of them leads to."""

from collections.abc import Callable
from dataclasses import replace

from packages_app import names
from packages_app.catalogue import read as catalogue
from packages_app.conf import options
from packages_app.tables.base import plain_item
from packages_app.tables.outcomes import reported
from packages_app.upstream import kept, ownership, pages, policy
from packages_app.upstream.advisories import about
from packages_app.upstream.entries import KeptFile, Owner, UpstreamFile, Wanted
from packages_app.upstream.errors import Withheld
from packages_app.upstream.models import page_partition

METADATA = ".metadata"


def is_served(file: UpstreamFile) -> bool:
    """Return whether clients are given an address of this index for a file.

    Such an address is found again by the digest and the project in the name; a file that has no sha256, or whose name
    does not tell, is linked to where the upstream has it.
    """
    return options().upstream.files != "link" and bool(file.sha256) and bool(file.filetype)


def locate(sha256: str, filename: str, readable: Callable[[str], bool]) -> KeptFile | Wanted | None:
    """Return what an address leads to: bytes kept here, or what the upstream has; None where it leads nowhere.

    ``readable`` says of which projects the caller may know; for others nobody is asked.

    Raises:
        Withheld: a policy of this index hides the file.
        SourceFailed: the upstream should know, does not answer, and nothing of it is kept.
    """
    if not options().upstream.urls:
        return None
    name = filename.removesuffix(METADATA)
    try:
        readings = names.readings(name)
    except names.BadFilename:
        return None
    for reading in readings:
        if not readable(reading.project):
            continue
        published = catalogue.project(reading.project) is not None
        # Decided anew for every download: nothing of a name that is this index's own comes from elsewhere.
        if ownership.owner(reading.project, published=published) is Owner.LOCAL:
            continue
        found = located(reading.project, sha256, name, metadata=name != filename)
        # Only what is kept can be had without a word to anybody: for the rest, what others decided a moment ago counts.
        if isinstance(found, KeptFile) or (found is not None and ownership.may_leave(reading.project)):
            return found
    return None


def located(project: str, sha256: str, name: str, *, metadata: bool) -> KeptFile | Wanted | None:
    """Return what one project has of this digest and name."""
    wanted = Wanted(
        project=project,
        file=UpstreamFile(filename=name, url="", hashes=(("sha256", sha256),)),
        source="",
        metadata=metadata,
    )
    with reported():
        row = plain_item(page_partition(options().index, project), wanted.key) or {}
    if "kept_at" in row:
        check(project, kept.read(project).status, listed_as(row, name, sha256))
        return KeptFile(filename=wanted.filename, digest=row["digest"], size=int(row["size"]), metadata=metadata)
    shown = pages.page(project)
    if shown is None:
        return None
    page = pages.contents(shown)
    for file in page.files:
        if file.filename == name and file.sha256 == sha256 and (file.core_metadata or not metadata):
            check(project, page.status, file)
            source = shown.kept.validators.source if shown.kept.validators else ""
            return Wanted(project=project, file=file, source=source, metadata=metadata)
    return None


def listed_as(row: dict[str, str], name: str, sha256: str) -> UpstreamFile:
    """Return a kept file as it was listed, as far as a policy needs to know; of yanks only pages know."""
    return UpstreamFile(
        filename=name,
        url=row.get("url", ""),
        hashes=(("sha256", sha256),),
        version=row.get("version", ""),
        filetype=row.get("filetype", ""),
        upload_time=row.get("upload_time", ""),
    )


def check(project: str, status: str, file: UpstreamFile) -> None:
    """Return if the file may be had; PEP 592: one that is only yanked may, by who knows exactly which it is.

    Raises:
        Withheld: a policy of this index hides it; an older page, or a lock file, may still name it.
    """
    file = replace(file, yanked=False)
    hidden = policy.verdict(
        project, status, file, rules=policy.rules_about(project), advisories=about(project), at=policy.current()
    )
    if hidden is not None:
        raise Withheld(policy.sentence(hidden))
