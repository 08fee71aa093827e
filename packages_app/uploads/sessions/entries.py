"""What a session and its files are, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

from packages_app.catalogue.entries import File
from packages_app.uploads.candidate import Digests

LIFE = timedelta(days=1)
"""How long a new session lives."""
LONGEST_LIFE = timedelta(days=14)
"""How long a session can live with all its extensions, from its beginning."""
RETENTION = timedelta(days=1)
"""How long an ended session still tells how it ended."""
LEASE = timedelta(minutes=15)
"""How long one request may work on a session or file before another takes the work up; no Lambda runs longer."""
SILENCE = timedelta(seconds=50)
"""How long work after an answer, which tells again and again how far it is, may say nothing before another takes it up:
less than the minute after which Lambda sends the event of a run that died once more."""
REVIVAL = timedelta(minutes=1)
"""How long after that a poll has the work begun anew."""
MOST_ATTEMPTS = 6
"""How often work is begun that never ends."""
MOST_FILES = 1000
"""How many names of files a session takes, also of canceled ones: each that is announced is compared with all."""
NOBODY = datetime(1970, 1, 1, tzinfo=UTC)
"""Until when that is held which nobody works on."""


class Status(Enum):
    """How far a session is (PEP 694)."""

    OPEN = "open"
    PROCESSING = "processing"
    PUBLISHED = "published"
    CANCELED = "canceled"


class FileStatus(Enum):
    """How far a file of a session is (PEP 694)."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    ERROR = "error"
    CANCELED = "canceled"


class Mechanism(Enum):
    """How a file's bytes are sent; the values are PEP 694's identifiers."""

    POST = "http-post-bytes"
    PUT = "vnd-elasticpypi-put-presigned"
    PARTS = "vnd-elasticpypi-multipart-presigned"


@dataclass(frozen=True, kw_only=True)
class Session:
    """A release on its way in."""

    id: str
    """32 random hexadecimal digits: 128 bits that nobody guesses."""
    name: str
    """The project's name as it was sent."""
    project: str
    """Normalised name."""
    version: str
    """The version in its normal form (PEP 440)."""
    status: Status
    stage: str
    """The random token of the preview's address."""
    created: datetime
    expires: datetime
    actor: str = ""
    """Who began it."""
    held_until: datetime = NOBODY
    """Until when whoever publishes it keeps others from that."""
    attempts: int = 0
    """How often publishing was begun since it was last refused."""
    progress: int = 0
    """How many files are in their place, while it is published."""
    notice: str = ""
    """Why publishing it was refused, when that was decided after the answer."""


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """A file as a client announces it."""

    filename: str
    size: int
    """Bytes."""
    hashes: Mapping[str, str]
    """Names of digests, fields of ``Digests``, to lower-case hexadecimal; ``sha256`` is always there."""
    mechanism: str
    """As it was sent; it may name none."""


@dataclass(frozen=True, kw_only=True)
class NewPart:
    """A part of a file that a client is going to send."""

    number: int
    """Counted from 1."""
    sha256: str
    """Of the part alone, in lower-case hexadecimal."""


@dataclass(frozen=True, kw_only=True)
class SessionFile:
    """A file of a session."""

    session: str
    filename: str
    size: int
    hashes: Mapping[str, str] = field(default_factory=dict)
    mechanism: Mechanism
    status: FileStatus
    notice: str = ""
    """Why it was refused."""
    received: Digests | None = None
    """What was computed while the bytes passed through this server; None if they did not."""
    part_size: int = 0
    """Bytes of each part but the last, of a file that comes in parts."""
    upload: str = ""
    """The store's name for the parts of this file; empty before the first was asked for."""
    held_until: datetime = NOBODY
    """Until when whoever checks it keeps others from that."""
    claim: str = ""
    """What `write_files.claim_file` gave to whoever checks it; nobody else has one."""
    attempts: int = 0
    """How often its check was begun."""
    progress: int = 0
    """Bytes that were looked at, while it is checked."""
    attested: bool = False
    """Whether attestations were sent."""
    checked: File | None = None
    """A completed file, as it will be listed."""
    display_name: str = ""
    """The project's name as a completed file's metadata writes it."""

    @property
    def sha256(self) -> str:
        """The digest that was announced."""
        return self.hashes["sha256"]
