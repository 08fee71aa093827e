"""What a plan consists of: one frozen step for each thing that the table or the bucket must have."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from packages_app.file_store import keys


class State(Enum):
    """How a step's subject is found."""

    THERE = "there"
    """As it should be, or stricter."""
    MISSING = "missing"
    """Not there; applying the step makes it."""
    OTHERWISE = "otherwise"
    """Set in a way the index cannot work with, and not this command's to change."""
    NOTE = "note"
    """Worth knowing; nothing is wrong."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that must be so."""

    subject: str
    """``table NAME`` or ``bucket NAME``."""
    sentence: str
    """What is found, or what applying the step will make."""
    state: State
    make: Callable[[], None] | None = field(default=None, repr=False, compare=False)
    """Makes a missing thing."""


@dataclass(frozen=True)
class Subject:
    """The table or the bucket, as steps name it."""

    name: str

    def there(self, sentence: str) -> Step:
        """Return a step that is done."""
        return Step(subject=self.name, sentence=sentence, state=State.THERE)

    def otherwise(self, sentence: str) -> Step:
        """Return a step that a person must take."""
        return Step(subject=self.name, sentence=sentence, state=State.OTHERWISE)

    def note(self, sentence: str) -> Step:
        """Return what is worth knowing."""
        return Step(subject=self.name, sentence=sentence, state=State.NOTE)

    def missing(self, sentence: str, make: Callable[[], None]) -> Step:
        """Return a step that can be applied."""
        return Step(subject=self.name, sentence=sentence, state=State.MISSING, make=make)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which table and bucket, and what lies where in them."""

    table: str
    bucket: str
    prefix: str = ""
    """Of every key in the bucket, without slashes around it."""
    region: str | None = None
    """Where the bucket is made; None is us-east-1, as for S3 itself."""

    def under(self, folder: str) -> str:
        """Return the prefix of one of the index's folders in the bucket."""
        return f"{self.prefix}/{folder}/" if self.prefix else f"{folder}/"

    @property
    def incoming(self) -> str:
        """The prefix of what is on its way in."""
        return self.under(keys.INCOMING)

    @property
    def staging(self) -> str:
        """The prefix of files of upload sessions."""
        return self.under(keys.STAGING)

    @property
    def work(self) -> str:
        """The prefix of markers of work on upload sessions."""
        return self.under(keys.WORK)

    @property
    def pages(self) -> str:
        """The prefix of pages that are too large to be answered."""
        return self.under(keys.PAGES)
