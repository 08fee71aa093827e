"""The expressions of one request, with the names and values that their placeholders stand for."""

from collections.abc import Iterator
from typing import Any

from packages_app.tables.embedded.errors import invalid
from packages_app.tables.embedded.expressions import Change, Node, Path, read
from packages_app.tables.embedded.items import Item, Value, checked_value

KINDS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)


class Expressions:
    """Everything that a request says by expressions."""

    def __init__(self, request: dict[str, Any]) -> None:
        given = {kind: read(kind, request[kind]) for kind in KINDS if kind in request}
        self.names: dict[str, str] = request.get("ExpressionAttributeNames", {})
        values = request.get("ExpressionAttributeValues", {})
        for kind, word, known in (("Names", "name", self.names), ("Values", "value", values)):
            used = frozenset[str]().union(*(getattr(parsed, f"{word}s") for parsed in given.values()))
            if undefined := sorted(used - known.keys()):
                raise invalid(f"An expression attribute {word} used in expression is not defined: {undefined[0]}")
            if unused := sorted(known.keys() - used):
                raise invalid(f"Value provided in ExpressionAttribute{kind} unused in expressions: {unused[0]}")
        self.values: dict[str, Value] = {name: checked_value(value)[0] for name, value in values.items()}
        self.condition = given["ConditionExpression"].condition if "ConditionExpression" in given else None
        self.filter = given["FilterExpression"].condition if "FilterExpression" in given else None
        self.key = given["KeyConditionExpression"].condition if "KeyConditionExpression" in given else None
        self.changes: tuple[Change, ...] | None = (
            given["UpdateExpression"].changes if "UpdateExpression" in given else None
        )
        self.projection: tuple[Path, ...] = (
            given["ProjectionExpression"].paths if "ProjectionExpression" in given else ()
        )
        self.check_overlap(self.projection)
        self.check_overlap([change.path for change in self.changes or ()])

    def parts(self, path: Path) -> tuple[str | int, ...]:
        """Return the path with its placeholders replaced."""
        if not self.names:
            return path.parts
        names = self.names
        return tuple(names[part] if isinstance(part, str) and part[0] == "#" else part for part in path.parts)

    def find(self, item: Item, path: Path) -> Value | None:
        """Return the value at the path, or None."""
        first, *rest = self.parts(path)
        value = item.get(first)  # type: ignore[arg-type] # the first part is always a name
        for part in rest:
            value = child(value, part)
        return value

    def check_overlap(self, paths: tuple[Path, ...] | list[Path]) -> None:
        """Refuse two paths of which one leads through the other."""
        known = [self.parts(path) for path in paths]
        for place, one in enumerate(known):
            for other in known[:place]:
                if one[: len(other)] == other[: len(one)]:
                    raise invalid(
                        "Two document paths overlap with each other; must remove or rewrite one of these paths"
                    )

    def top_level(self, node: Node | None) -> Iterator[str]:
        """Yield the names of the attributes that a condition looks at."""
        if isinstance(node, Path):
            yield str(self.parts(node)[0])
        for arg in getattr(node, "args", ()):
            yield from self.top_level(arg)

    def projected(self, item: Item, paths: tuple[Path, ...] | None = None) -> Item:
        """Return the part of an item that the projection, or these paths, pick; all of it without any."""
        chosen = self.projection if paths is None else paths
        if not chosen and paths is None:
            return item
        found: Item = picked({"M": item}, [self.parts(path) for path in chosen]).get("M", {})
        return found


def child(value: Value | None, part: str | int) -> Value | None:
    """Return what lies at one step of a path below a value, or None."""
    if value is None:
        return None
    if isinstance(part, str):
        return value["M"].get(part) if "M" in value else None
    return value["L"][part] if "L" in value and part < len(value["L"]) else None


def picked(value: Value, paths: list[tuple[str | int, ...]]) -> Value:
    """Return the parts of a value at these paths, in the shape they have there; empty when there are none."""
    if () in paths:
        return value
    below: dict[str | int, list[tuple[str | int, ...]]] = {}
    for first, *rest in paths:
        below.setdefault(first, []).append(tuple(rest))
    found = {}
    for part, rest_of in below.items():
        inner = child(value, part)
        if inner is not None and (kept := picked(inner, rest_of)):
            found[part] = kept
    if not found:
        return {}
    return {"L": [found[place] for place in sorted(found)]} if "L" in value else {"M": found}
