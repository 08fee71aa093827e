"""Items in DynamoDB's wire form: checked, measured, compared, and kept as JSON text."""

import base64
import json
import re
from decimal import Context, Decimal, Inexact
from typing import Any

from packages_app.tables.embedded.errors import invalid

Value = dict[str, Any]
Item = dict[str, Value]

LARGEST = 400 * 1024
"""Bytes of an item, names and values together."""
DEEPEST = 32
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
ARITHMETIC = Context(prec=38, Emax=125, Emin=-130, traps=[])
SETS = {"SS": "S", "NS": "N", "BS": "B"}


def checked(item: Item) -> tuple[Item, int]:
    """Return the item with its numbers in their plain form, and its size in bytes."""
    kept, size = {}, 0
    for name, value in item.items():
        if not name:
            raise invalid("One or more parameter values were invalid: An attribute name must not be empty")
        kept[name], bytes_taken = checked_value(value)
        size += len(name.encode()) + bytes_taken
    if size > LARGEST:
        raise invalid("Item size has exceeded the maximum allowed size")
    return kept, size


def checked_value(value: Value, depth: int = 0) -> tuple[Value, int]:  # noqa: PLR0911 - one for each type
    """Return the value in its plain form, and its size in bytes."""
    if not isinstance(value, dict) or len(value) != 1:
        raise invalid("Supplied AttributeValue must contain exactly one of the supported datatypes")
    [(kind, content)] = value.items()
    if kind == "S" and isinstance(content, str):
        return value, len(content.encode())
    if kind == "N" and isinstance(content, str):
        return {"N": plain(number(content))}, number_size(content)
    if kind == "B" and isinstance(content, bytes | bytearray):
        return {"B": bytes(content)}, len(content)
    if (kind == "BOOL" and isinstance(content, bool)) or (kind == "NULL" and content is True):
        return value, 1
    if kind in SETS and isinstance(content, list | tuple | set | frozenset):
        return checked_set(kind, list(content))
    if depth >= DEEPEST:
        raise invalid("Nesting Levels have exceeded supported limits")
    if kind == "L" and isinstance(content, list | tuple):
        members = [checked_value(member, depth + 1) for member in content]
        return {"L": [kept for kept, _ in members]}, 3 + sum(1 + size for _, size in members)
    if kind == "M" and isinstance(content, dict):
        entries = {name: checked_value(member, depth + 1) for name, member in content.items()}
        taken = sum(1 + len(name.encode()) + size for name, (_, size) in entries.items())
        return {"M": {name: kept for name, (kept, _) in entries.items()}}, 3 + taken
    raise invalid(f"Supplied AttributeValue has an invalid content for the datatype {kind}")


def checked_set(kind: str, members: list[Any]) -> tuple[Value, int]:
    """Return a set in its plain form, and its size in bytes."""
    if not members:
        raise invalid("One or more parameter values were invalid: An set may not be empty")
    checks = [checked_value({SETS[kind]: member}) for member in members]
    kept = [next(iter(value.values())) for value, _ in checks]
    if len(set(kept)) != len(kept):
        raise invalid(f"One or more parameter values were invalid: Input collection of type {kind} contains duplicates")
    return {kind: kept}, sum(size for _, size in checks)


def number(text: str) -> Decimal:
    """Return the number that the text says, exactly."""
    if not NUMBER.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    found = Decimal(text)
    if not found:
        return Decimal(0)
    context = ARITHMETIC.copy()
    bare = found.normalize(Context(prec=max(1, len(found.as_tuple().digits))))
    if len(bare.as_tuple().digits) > context.prec:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    if not context.Emin <= bare.adjusted() <= context.Emax:
        beyond = "overflow" if bare.adjusted() > 0 else "underflow"
        raise invalid(f"Number {beyond}. Attempting to store a number with magnitude out of the supported range")
    return bare


def plain(found: Decimal) -> str:
    """Return the number as DynamoDB writes it: no exponent, no superfluous zeros."""
    return format(found, "f")


def total(left: str, right: str, *, sign: int = 1) -> str:
    """Return the sum, or with ``sign`` -1 the difference, of two numbers."""
    context = ARITHMETIC.copy()
    found = context.add(number(left), number(right) * sign)
    if context.flags[Inexact]:
        raise invalid("Number overflow. The result has more than 38 significant digits")
    return plain(number(str(found)))


def number_size(text: str) -> int:
    """Return the bytes a number takes: about one for two digits, and one; AWS gives no exact rule."""
    digits = number(text).as_tuple()
    return 1 if not any(digits.digits) else 1 + (len(digits.digits) + 1) // 2 + digits.sign


def comparable(value: Value) -> Any:  # noqa: ANN401 - one of several Python types, compared to its own kind only
    """Return the content of a value so that Python compares it as DynamoDB does."""
    [(kind, content)] = value.items()
    if kind == "N":
        return Decimal(content)
    if kind == "S":
        return content.encode()
    if kind == "NS":
        return frozenset(map(Decimal, content))
    return frozenset(content) if kind in SETS else content


def equal(left: Value, right: Value) -> bool:
    """Return whether two values are the same; sets have no order, and 1 is 1.0."""
    kind = next(iter(left))
    if kind not in right:
        return False
    if kind == "L":
        return len(left["L"]) == len(right["L"]) and all(map(equal, left["L"], right["L"]))
    if kind == "M":
        mine, other = left["M"], right["M"]
        return mine.keys() == other.keys() and all(equal(mine[name], other[name]) for name in mine)
    return bool(comparable(left) == comparable(right))


def packed(item: Item) -> str:
    """Return the item as the text that is kept."""
    return json.dumps(
        item, separators=(",", ":"), ensure_ascii=False, default=lambda data: base64.b64encode(data).decode()
    )


def unpacked(text: str) -> Item:
    """Return the item that was kept as this text."""
    item: Item = json.loads(text)
    if '{"B":' in text or '{"BS":' in text:
        return {name: with_bytes(value) for name, value in item.items()}
    return item


def with_bytes(value: Value) -> Value:
    """Return the value with its binary parts as bytes again."""
    [(kind, content)] = value.items()
    if kind == "B":
        return {"B": base64.b64decode(content)}
    if kind == "BS":
        return {"BS": [base64.b64decode(member) for member in content]}
    if kind == "L":
        return {"L": [with_bytes(member) for member in content]}
    if kind == "M":
        return {"M": {name: with_bytes(member) for name, member in content.items()}}
    return value
