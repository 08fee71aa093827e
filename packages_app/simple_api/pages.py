"""What a page says, whatever its format: built from the catalogue's entries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import quote

from packages_app.catalogue.entries import File, Listed, Project
from packages_app.discovery.versions import Key
from packages_app.discovery.versions import key as version_key

# PEP 700 added versions, sizes and upload times; 1.3 is PEP 740, 1.4 is PEP 792. PEP 833 froze HTML at 1.4.
# PEP 752 (1.5) is not implemented here, and such a server must not send its keys; PEP 708 was rejected.
API_VERSION = "1.4"

BATCH = 4096
"""Entries of a list that are written at once."""

UP = "../../"
"""From a project's page to the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """A file as its project's page shows it."""

    filename: str
    url: str
    """Relative to the page if it can be, so that no stage prefix, host name or proxy can make it wrong."""
    hashes: Mapping[str, str]
    """Digest name to hexadecimal; what is published here always has its sha256, what comes from elsewhere may not."""
    size: int | None
    """None where another index does not say."""
    upload_time: str
    """Empty where another index does not say."""
    requires_python: str
    metadata: str
    """The sha256 of its ``.metadata``, ``true`` where another index has one without a digest, or empty."""
    yanked: bool
    yanked_reason: str
    provenance: str = ""
    """Absolute address of its provenance (PEP 740); empty while there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage:
    """The page of one project."""

    name: str
    serial: int
    status: str
    status_reason: str
    versions: tuple[str, ...]
    files: tuple[PageFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RootPage:
    """The page that lists every project."""

    serial: int
    projects: Iterable[Listed]
    """In the order of their names."""
    base: str = ""
    """As for `project_page`."""


def project_page(project: Project, files: Iterable[File], base: str = "") -> ProjectPage:
    """Return the page of a project with these files, oldest version first.

    ``base`` is the index's absolute address, for a page that is read from elsewhere; else its links are relative.
    """
    # PEP 792: a quarantined project's files must not be offered; its versions would only lead to them.
    offered = sorted(files, key=by_version) if project.status.offers_files else []
    return ProjectPage(
        name=project.name,
        serial=project.serial,
        status=project.status.value,
        status_reason=project.status_reason,
        versions=versions(offered),
        files=tuple(page_file(file, base) for file in offered),
    )


def root_page(listed: Iterable[Listed], base: str = "") -> RootPage:
    """Return the page of these projects, in the order of their names."""
    projects = tuple(sorted(listed, key=lambda entry: entry.name))
    return RootPage(serial=root_serial(projects), projects=projects, base=base)


def root_serial(projects: Iterable[Listed]) -> int:
    """Return the serial of the list of these projects."""
    # Mirrors take a serial of 0 for a failure, also on an index where nothing is published yet.
    return max((entry.serial for entry in projects), default=1)


def batched(projects: Iterable[Listed]) -> Iterator[list[Listed]]:
    """Yield the entries by some thousands: a list of millions is written while it is read."""
    rest = iter(projects)
    while some := list(islice(rest, BATCH)):
        yield some


def page_file(file: File, base: str = "") -> PageFile:
    """Return the file as the page shows it."""
    return PageFile(
        filename=file.filename,
        url=own_address(file.sha256, file.filename, base),
        hashes={"sha256": file.sha256},
        size=file.size,
        upload_time=upload_time(file.upload_time),
        requires_python=file.requires_python,
        metadata=file.metadata_sha256,
        yanked=file.yanked,
        yanked_reason=file.yanked_reason,
    )


def own_address(sha256: str, filename: str, base: str = "") -> str:
    """Return the address under which this index serves a file: relative to a project's page, or below ``base``."""
    # A "+" of a local version is quoted: S3 and some proxies would read it as a space.
    return f"{base or UP}packages/{sha256}/{quote(filename, safe='')}"


def versions(files: Iterable[File]) -> tuple[str, ...]:
    """Return the versions of files that are in version order, in that order.

    PEP 700: the list must hold no version twice; PEP 440: ``1.0`` and ``1.0.0`` are one version.
    """
    return tuple({version_key(file.version): file.version for file in files}.values())


def by_version(file: File) -> tuple[Key, bool, str]:
    """Return what puts files in order: the version as PEP 440 orders it, the sdist before wheels, the file name."""
    return version_key(file.version), file.filetype != "sdist", file.filename


def upload_time(moment: datetime) -> str:
    """Return the moment as PEP 700 writes it: ``yyyy-mm-ddThh:mm:ss.ffffffZ``, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
