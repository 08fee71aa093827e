"""What the catalogue tells other packages: frozen records of projects and files."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Status(Enum):
    """A project's status marker (PEP 792)."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DEPRECATED = "deprecated"
    QUARANTINED = "quarantined"

    @property
    def accepts_uploads(self) -> bool:
        """PEP 792: archived and quarantined projects must not accept uploads."""
        return self in (Status.ACTIVE, Status.DEPRECATED)

    @property
    def offers_files(self) -> bool:
        """PEP 792: a quarantined project must not offer its files."""
        return self is not Status.QUARANTINED


@dataclass(frozen=True, kw_only=True)
class Description:
    """What lists show of a project, from the document of its latest release; every text is of bounded length."""

    latest: str = ""
    """Its newest version that is not yanked, final ones first; empty when all are yanked."""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    updated: datetime | None = None
    """When its newest file came."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project as its row says it; this one read decides whether a page changed."""

    name: str
    """Normalised name (PEP 503)."""
    display_name: str
    """The name as its maintainers write it, from the newest metadata."""
    serial: int
    """Microseconds since the epoch of the last visible change; always above the one before."""
    status: Status = Status.ACTIVE
    status_reason: str = ""
    described: Description = Description()
    pending: frozenset[str] = frozenset()
    """Versions whose publication ``described`` does not know of yet; ``*`` where more than that changed."""
    indexed: str = ""
    """The words that the search finds the project by, as the index holds them; see `discovery.words`."""
    indexing: str = ""
    """Further words that it may hold, while somebody writes them or after somebody was killed over it."""


@dataclass(frozen=True, kw_only=True)
class Recent:
    """A release that was published lately."""

    project: str
    """Normalised name."""
    version: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class File:
    """A published distribution file."""

    project: str
    """Normalised project name."""
    filename: str
    version: str
    """The version in its normal form (PEP 440)."""
    filetype: str
    """``bdist_wheel`` or ``sdist``, the upload API's words."""
    size: int
    """Bytes."""
    sha256: str
    """Lower-case hexadecimal."""
    blake2_256: str
    """Lower-case hexadecimal; empty when the file came in by a way that did not compute it."""
    upload_time: datetime
    """When it was published, in UTC with microseconds."""
    uploader: str
    requires_python: str = ""
    """Requires-Python as the metadata says it; empty when it says nothing."""
    metadata_sha256: str = ""
    """Digest of the stored ``.metadata``; empty when there is none (every sdist)."""
    metadata_size: int = 0
    """Bytes of the stored ``.metadata``."""
    pkg_info_sha256: str = ""
    """Digest of the kept PKG-INFO of an sdist; empty for wheels."""
    attestations_sha256: str = ""
    """Digest of the stored attestations; empty when none were sent."""
    yanked: bool = False
    yanked_reason: str = ""


class Reuse(Enum):
    """Whether a file may come under a name that somebody deleted: it stays taken, as others may have pinned it."""

    NEVER = "never"
    """A file that was merely found, in the store or the bucket, must not undo what a person did."""
    SAME_BYTES = "same bytes"
    ANY_BYTES = "any bytes"
    """Where overwriting is on."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The file name that stands for a distribution."""

    filename: str
    deleted_sha256: str = ""
    """Digest of the bytes that were deleted under it; empty while they are listed."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A file that is to be listed together with others."""

    file: File
    fence: str
    """What `collect.fence` said before the bytes were stored."""
    replaces: File | None = None
    """What is listed under the name now, with other bytes."""
    reuse: Reuse = Reuse.SAME_BYTES


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A project's entry on the root page."""

    name: str
    """Normalised name."""
    serial: int


@dataclass(frozen=True, kw_only=True)
class Download:
    """What serving a file's bytes needs."""

    project: str
    version: str
    """As the file name says it, in its normal form."""
    filename: str
    sha256: str
    size: int
    metadata_sha256: str
    metadata_size: int = 0


@dataclass(frozen=True, kw_only=True)
class Retired:
    """Bytes that were listed once and are kept until they are collected."""

    project: str
    filename: str
    sha256: str
    size: int
    metadata_sha256: str
    metadata_size: int
    retired_at: datetime
    claimed: bool = False
    """Whether somebody claimed them for removal, and may be at it or may have been killed over it."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Who changes the catalogue, from where, through which door: what the audit trail keeps of it."""

    actor: str
    address: str = ""
    source: str = ""
    token: str = ""
    """The id of the API token that the actor showed; empty without one."""
