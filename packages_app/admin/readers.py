"""Readers: what the admin's lists ask instead of Django's querysets, a page at a time, from a cursor."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from packages_app.admin.faces import Face
from packages_app.errors import PackagesError

Entry = TypeVar("Entry")
MOST_LOOKED_AT = 1000
"""Entries that one request looks at in search of those that a filter keeps; the page then tells where to go on."""


LONGEST_KEY = 900
"""Bytes of a key that is looked for: DynamoDB takes 1,024 with what we put before it."""


class NothingChosen(PackagesError):
    """An action was asked for without the entries that it is meant for."""

    code = "bad-request"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a page of a list is to show."""

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    """The cursor that the page before gave; empty for the first page."""
    limit: int = 100


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some entries of a list, and where the next ones begin."""

    faces: Sequence[Face]
    after: str = ""
    """The next page's cursor; empty at the end."""
    looked_at: int = 0
    """How many entries were read to find these."""


class Reader(ABC):
    """A list of the admin: pages of it, and single entries by their keys."""

    verbose_name = verbose_name_plural = ""

    @abstractmethod
    def page(self, wanted: Wanted) -> Page:
        """Return a page of the list."""

    @abstractmethod
    def one(self, key: str) -> Face | None:
        """Return the entry with this key."""

    def find(self, key: str) -> Face | None:
        """Return the entry with a key that a stranger may have typed."""
        return self.one(key) if key and len(key.encode("utf-8", "replace")) <= LONGEST_KEY else None

    def filter(self, *_: object, pk__in: Iterable[str] = ()) -> "Chosen":
        """Return the chosen entries; Django's admin asks in this manner for those that an action is meant for."""
        return Chosen(self, tuple(dict.fromkeys(pk__in)))

    def __iter__(self) -> Iterator[Face]:
        """Refuse: no action is meant for everything.

        Raises:
            NothingChosen: always.
        """
        raise NothingChosen("Choose the entries that this is meant for.")


class Chosen:
    """Entries that somebody ticked."""

    def __init__(self, reader: Reader, keys: tuple[str, ...]) -> None:
        self.reader = reader
        self.keys = keys

    def __iter__(self) -> Iterator[Face]:
        """Yield those that are there still."""
        for key in self.keys:
            found = self.reader.find(key)
            if found is not None:
                yield found


def walk(
    entries: Iterator[Entry],
    wanted: Wanted,
    *,
    cursor: Callable[[Entry], str],
    keep: Callable[[Entry], bool],
    most: int = MOST_LOOKED_AT,
) -> tuple[list[Entry], str, int]:
    """Take the entries that ``keep`` lets through until a page is full or ``most`` were looked at.

    Returns them with the next page's cursor, empty at the end, and with how many were looked at.
    """
    kept: list[Entry] = []
    last, looked_at = "", 0
    for entry in entries:
        if len(kept) == wanted.limit or looked_at == most:
            return kept, last, looked_at
        looked_at += 1
        last = cursor(entry)
        if keep(entry):
            kept.append(entry)
    return kept, "", looked_at


def face_of(kind: type[Face], key: str, record: Any, **fields: Any) -> Face:
    """Return the face of a record."""
    face = kind(pk=key, **fields)
    face.record = record
    face._state.adding = False  # this is stored already
    return face
