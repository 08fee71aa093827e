"""The part of a file that a caller wants (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

from packages_app.simple_api.errors import NoSuchRange

# Digits are bounded: no file is that long, and Python refuses to read endless numbers.
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Range:
    """A part of a file, in bytes counted from 0; both ends belong to it."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Bytes."""
        return self.last - self.first + 1


def wanted(header: str | None, size: int) -> Range | None:
    """Return the part that a Range header asks for; None means all of it.

    What is malformed, in other units, or several ranges at once is answered in full, as RFC 9110 allows.

    Raises:
        NoSuchRange: it begins beyond the end, or asks for the last 0 bytes.
    """
    match = ONE_RANGE.match(header) if header else None
    if match is None:
        return None
    first, last = match.groups()
    if first and last and int(first) > int(last):
        return None
    if first:
        found = Range(int(first), min(int(last), size - 1) if last else size - 1)
    elif last:
        found = Range(max(size - int(last), 0), size - 1)
    else:
        return None
    if found.length <= 0:
        raise NoSuchRange(f"The file has {size} bytes; the wanted range lies beyond them.")
    return found
