"""What this package tells others, and its modules each other: frozen records of rules, pages and files."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Owner(Enum):
    """Where the files of a name come from."""

    LOCAL = "local"
    """From this index alone: the name is never looked up anywhere else."""
    UPSTREAM = "upstream"
    """From the upstream alone."""
    MERGE = "merge"
    """From both; what is published here counts where both have a file of one name."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What an administrator decided about a name, or a pattern of names."""

    pattern: str
    """A normalised name; ``*`` stands for any characters."""
    owner: Owner | None
    """None for a reservation, which nothing overrides."""
    reason: str
    actor: str
    at: datetime | None
    """None for what the configuration says."""


class Why(Enum):
    """Why a file of the upstream is not shown."""

    UNSAFE_NAME = "unsafe-name"
    OTHER_PROJECT = "other-project"
    BAD_URL = "bad-url"
    CONTRADICTION = "contradiction"
    BAD_HASH = "bad-hash"
    COOLDOWN = "cooldown"
    NO_UPLOAD_TIME = "no-upload-time"
    NOT_ALLOWED = "not-allowed"
    DENIED = "denied"
    NOT_A_WHEEL = "not-a-wheel"
    YANKED = "yanked"
    QUARANTINED = "quarantined"
    MALWARE = "malware"
    VULNERABLE = "vulnerable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A file that the upstream lists and this index does not show."""

    filename: str
    version: str
    """Empty where the name does not tell."""
    why: Why
    detail: str = ""
    """What the reason's sentence needs: a date, a rule, an advisory's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamFile:
    """A file as the upstream's page lists it; what the page does not say is empty or None."""

    filename: str
    url: str
    """Absolute, http or https, without a fragment."""
    hashes: tuple[tuple[str, str], ...]
    """Digest name to lower-case hexadecimal."""
    size: int | None = None
    upload_time: str = ""
    """As PEP 700 writes it, with microseconds, in UTC."""
    requires_python: str = ""
    core_metadata: str = ""
    """The sha256 of its ``.metadata``, ``true`` where there is one without a digest, or empty."""
    yanked: bool = False
    yanked_reason: str = ""
    provenance: str = ""
    """Absolute address."""
    version: str = ""
    """In its normal form; empty for old kinds of files whose names do not tell."""
    filetype: str = ""
    """``bdist_wheel`` or ``sdist``; empty for old kinds of files."""

    @property
    def sha256(self) -> str:
        """The announced sha256; empty where there is none."""
        return next((digest for name, digest in self.hashes if name == "sha256"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamPage:
    """An upstream's page of a project, checked."""

    name: str
    status: str = "active"
    status_reason: str = ""
    versions: tuple[str, ...] = ()
    """As the upstream lists them; empty where it does not."""
    files: tuple[UpstreamFile, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    """What could not be taken over as it stands there."""


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What a source said with a page, to ask whether it changed."""

    source: str
    """The source's name."""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A page that came, with what to ask by the next time."""

    page: UpstreamPage
    validators: Validators


@dataclass(frozen=True)
class Unchanged:
    """The page is still the one that was fetched with the validators."""


@dataclass(frozen=True)
class Absent:
    """The source says that it has no such project."""


Answer = Fetched | Unchanged | Absent


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept of a project's upstream page; times are microseconds since the epoch, 0 for never."""

    project: str
    body: str = ""
    """The digest of the kept page; empty where there is none."""
    absent: bool = False
    """Whether the upstream said last that there is no such project."""
    seen: bool = False
    """Whether the upstream ever had the project."""
    serial: int = 0
    """When what is kept changed last; always above the one before."""
    status: str = "active"
    validators: Validators | None = None
    checked_at: int = 0
    """When the upstream confirmed this last."""
    retry_at: int = 0
    """After a failure, when to ask again."""
    fault: str = ""
    """What went wrong last; empty after a success."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Bytes of the upstream that a client asks this index for."""

    project: str
    file: UpstreamFile
    source: str
    """The name of the source that lists the file."""
    metadata: bool = False
    """Whether not the file but its metadata is wanted (PEP 658)."""

    @property
    def filename(self) -> str:
        """The name that the client asks for."""
        return f"{self.file.filename}.metadata" if self.metadata else self.file.filename

    @property
    def digest(self) -> str:
        """The announced sha256 of the bytes; empty where there is none."""
        if not self.metadata:
            return self.file.sha256
        return "" if self.file.core_metadata == "true" else self.file.core_metadata

    @property
    def size(self) -> int | None:
        """Bytes, where the upstream says so."""
        return None if self.metadata else self.file.size

    @property
    def url(self) -> str:
        """Where the upstream has the bytes; PEP 658 appends to the file's own address."""
        if not self.metadata:
            return self.file.url
        path, question, query = self.file.url.partition("?")
        return f"{path}.metadata{question}{query}"

    @property
    def key(self) -> str:
        """The sort key of what is kept of it."""
        return f"{'M' if self.metadata else 'F'}#{self.file.sha256}#{self.file.filename}"


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """Bytes of the upstream that are kept here."""

    filename: str
    """As the client asks for it."""
    digest: str
    size: int
    metadata: bool
