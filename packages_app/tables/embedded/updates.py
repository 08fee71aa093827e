"""Applies update expressions to items."""

from typing import Any

from packages_app.tables.embedded.errors import invalid
from packages_app.tables.embedded.expressions import Call, Change, Given, Node, Path
from packages_app.tables.embedded.items import SETS, Item, Value, comparable, total
from packages_app.tables.embedded.request import Expressions, child

ABSENT = "The provided expression refers to an attribute that does not exist in the item"
WRONG_PATH = "The document path provided in the update expression is invalid for update"
WRONG_TYPE = "An operand in the update expression has an incorrect data type"


def apply(changes: tuple[Change, ...], old: Item, new: Item, given: Expressions) -> None:
    """Change ``new``, which is a copy of ``old`` that shares nothing with it; every operand is read from ``old``."""
    values = [computed(change, old, given) for change in changes]
    removals: list[tuple[tuple[str | int, ...], Value | None]] = []
    for change, value in zip(changes, values, strict=True):
        parts = given.parts(change.path)
        if value is None:
            removals.append((parts, None))
        else:
            place(new, parts, value)
    # Positions of list members are those before the update: take away the last ones first.
    removals.sort(key=lambda removal: [part if isinstance(part, int) else -1 for part in removal[0]], reverse=True)
    for parts, _ in removals:
        place(new, parts, None)


def computed(change: Change, old: Item, given: Expressions) -> Value | None:
    """Return what the attribute becomes; None when it goes away."""
    if change.section == "SET" and change.value is not None:
        return operand(change.value, old, given)
    if change.value is None:
        return None
    value = operand(change.value, old, given)
    found = given.find(old, change.path)
    if change.section == "ADD":
        return added(found, value)
    return without(found, value)


def operand(node: Node, old: Item, given: Expressions) -> Value:
    """Return the value of an operand of SET, ADD or DELETE."""
    if isinstance(node, Given):
        return given.values[node.name]
    if isinstance(node, Path):
        if (found := given.find(old, node)) is None:
            raise invalid(ABSENT)
        return found
    return called(node, old, given)


def called(node: Call, old: Item, given: Expressions) -> Value:
    """Return the value of an operator or function."""
    first, second = node.args
    if node.name == "if_not_exists" and isinstance(first, Path):
        found = given.find(old, first)
        return operand(second, old, given) if found is None else found
    left, right = operand(first, old, given), operand(second, old, given)
    kind = "L" if node.name == "list_append" else "N"
    if kind not in left or kind not in right:
        raise invalid(WRONG_TYPE)
    if kind == "L":
        return {"L": left["L"] + right["L"]}
    return {"N": total(left["N"], right["N"], sign=1 if node.name == "+" else -1)}


def added(found: Value | None, value: Value) -> Value:
    """Return the sum of two numbers, or the union of two sets."""
    kind = next(iter(value))
    if kind != "N" and kind not in SETS:
        raise invalid("Incorrect operand type for operator or function; operator: ADD")
    if found is None:
        return value
    if kind not in found:
        raise invalid(WRONG_TYPE)
    if kind == "N":
        return {"N": total(found["N"], value["N"])}
    return {kind: found[kind] + [member for member in value[kind] if not among(kind, member, found[kind])]}


def without(found: Value | None, value: Value) -> Value | None:
    """Return a set less the members of another; None when nothing is left."""
    kind = next(iter(value))
    if kind not in SETS:
        raise invalid("Incorrect operand type for operator or function; operator: DELETE")
    if found is None:
        return None
    if kind not in found:
        raise invalid(WRONG_TYPE)
    kept = [member for member in found[kind] if not among(kind, member, value[kind])]
    return {kind: kept} if kept else None


def among(kind: str, member: Any, members: list[Any]) -> bool:  # noqa: ANN401 - text or bytes, as the kind says
    """Return whether a set has this member."""
    return comparable({SETS[kind]: member}) in {comparable({SETS[kind]: other}) for other in members}


def place(item: Item, parts: tuple[str | int, ...], value: Value | None) -> None:
    """Put the value at the path, or take away what is there."""
    parent: Value | None = {"M": item}
    for part in parts[:-1]:
        parent = child(parent, part)
    last = parts[-1]
    if parent is None or ("M" if isinstance(last, str) else "L") not in parent:
        raise invalid(WRONG_PATH)
    if isinstance(last, str):
        if value is None:
            parent["M"].pop(last, None)
        else:
            parent["M"][last] = value
    elif value is None:
        del parent["L"][last : last + 1]
    else:
        parent["L"][last : last + 1] = [value]
