"""Decides conditions and filters on items."""

import operator
from collections.abc import Callable
from typing import Any

from packages_app.tables.embedded.errors import invalid
from packages_app.tables.embedded.expressions import Call, Given, Node, Path
from packages_app.tables.embedded.items import SETS, Item, Value, comparable, equal
from packages_app.tables.embedded.request import Expressions

TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "L", "M", "BOOL", "NULL"})
ORDERED = frozenset({"S", "N", "B"})
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(node: Node, item: Item, given: Expressions) -> bool:
    """Return whether a condition is true of an item.

    Nothing is short-cut: an operand that makes no sense is refused whatever stands beside it.
    """
    if not isinstance(node, Call):
        raise invalid("Invalid ConditionExpression: Syntax error; an operand is no condition")
    if node.name in ("AND", "OR"):
        answers = [holds(arg, item, given) for arg in node.args]
        return all(answers) if node.name == "AND" else any(answers)
    if node.name == "NOT":
        return not holds(node.args[0], item, given)
    check_literals(node.name, node.args, given)
    return predicate(node.name, [resolved(arg, item, given) for arg in node.args])


def predicate(name: str, values: list[Value | None]) -> bool:
    """Return whether a comparison or function is true of these values, of which some may be absent."""
    left, *others = values
    if name in ("attribute_exists", "attribute_not_exists"):
        return (left is not None) == (name == "attribute_exists")
    if name == "<>":
        # An absent attribute is unequal to everything.
        return not predicate("=", values)
    if left is None or any(value is None for value in others if name != "IN"):
        return False
    present = [value for value in others if value is not None]
    if name in ("=", "IN"):
        return any(equal(left, value) for value in present)
    if name == "BETWEEN":
        return ordered(">=", left, present[0]) and ordered("<=", left, present[1])
    return FUNCTIONS[name](left, present[0]) if name in FUNCTIONS else ordered(name, left, present[0])


def resolved(node: Node, item: Item, given: Expressions) -> Value | None:
    """Return the value of an operand, or None."""
    if isinstance(node, Given):
        return given.values[node.name]
    if isinstance(node, Path):
        return given.find(item, node)
    measured = resolved(node.args[0], item, given)  # size() is the only function among operands
    if measured is None:
        return None
    [(kind, content)] = measured.items()
    return None if kind in ("N", "BOOL", "NULL") else {"N": str(len(content))}


def check_literals(name: str, args: tuple[Node, ...], given: Expressions) -> None:
    """Refuse values of a request that have no order where order matters."""
    if name not in ("begins_with", "BETWEEN", *ORDERS):
        return
    allowed = ORDERED - {"N"} if name == "begins_with" else ORDERED
    literals = [given.values[arg.name] for arg in args if isinstance(arg, Given)]
    for literal in literals:
        if not literal.keys() & allowed:
            kind = next(iter(literal))
            raise invalid(f"Incorrect operand type for operator or function; {name}, operand type: {kind}")
    if name == "BETWEEN" and all(isinstance(arg, Given) for arg in args[1:]) and not ordered("<=", *literals[-2:]):
        raise invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound")


def ordered(name: str, left: Value, right: Value) -> bool:
    """Return whether two values of one kind stand in this order."""
    kind = next(iter(left))
    return kind in ORDERED and kind in right and ORDERS[name](comparable(left), comparable(right))


def begins_with(left: Value, right: Value) -> bool:
    """Return whether a text or bytes begin with others."""
    kind = next(iter(left))
    return kind in ("S", "B") and kind in right and bool(left[kind].startswith(right[kind]))


def contains(left: Value, right: Value) -> bool:
    """Return whether a text holds another, or a list or set a member."""
    [(kind, content)] = left.items()
    if kind == "L":
        return any(equal(member, right) for member in content)
    if kind in SETS:
        return any(equal({SETS[kind]: member}, right) for member in content)
    return kind in ("S", "B") and kind in right and right[kind] in content


def is_of_type(left: Value, right: Value) -> bool:
    """Return whether a value is of the named type."""
    if right.get("S") not in TYPES:
        raise invalid("Invalid ConditionExpression: Invalid attribute type name found")
    return right["S"] in left


FUNCTIONS = {"begins_with": begins_with, "contains": contains, "attribute_type": is_of_type}
