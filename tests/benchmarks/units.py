"""What calls to AWS are counted as: DynamoDB's read and write units, by the sizes that its documentation gives."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

READ_BYTES, WRITE_BYTES = 4096, 1024
IN_TRANSACTION = 2
"""A transaction reads or writes everything twice."""


@dataclass
class Used:
    """What one request of a client took."""

    calls: Counter[str] = field(default_factory=Counter)
    read: float = 0
    write: float = 0

    def text(self) -> str:
        """Return it as a person reads it."""
        named = ", ".join(f"{count} {name}" for name, count in sorted(self.calls.items())) or "no call"
        return f"{named}; {self.read:g} read units, {self.write:g} write units"


def size_of(item: Mapping[str, Any]) -> int:
    """Return an item's bytes, as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + size_of_value(value) for name, value in item.items())


def size_of_value(value: Mapping[str, Any]) -> int:
    """Return the bytes of one typed value."""
    ((kind, inner),) = value.items()
    if kind == "M":
        return 3 + size_of(inner) + len(inner)
    if kind == "L":
        return 3 + sum(size_of_value(each) + 1 for each in inner)
    if kind == "N":
        return math.ceil(len(inner.strip("-.").replace(".", "")) / 2) + 1
    if kind in ("BOOL", "NULL"):
        return 1
    # Texts and bytes, and sets of them.
    return sum(len(each.encode() if isinstance(each, str) else each) for each in ([inner] if kind in "SB" else inner))


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Return the units of reading items one by one; one that is not there costs as the smallest does."""
    whole = sum(max(1, math.ceil(size / READ_BYTES)) for size in sizes)
    return whole if consistent else whole / 2


def query_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Return the units of one page of a query, whose items count together."""
    whole = max(1, math.ceil(sum(sizes) / READ_BYTES))
    return whole if consistent else whole / 2


def write_units(size: int, *, indexed: bool, transaction: bool) -> float:
    """Return the units of writing one item; an item of the index is written there as well, outside of a transaction."""
    whole = max(1, math.ceil(size / WRITE_BYTES))
    return whole * (IN_TRANSACTION if transaction else 1) + (whole if indexed else 0)
