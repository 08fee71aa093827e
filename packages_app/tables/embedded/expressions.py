"""Reads DynamoDB's expressions into small trees; a text that was read before is not read again."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from packages_app.tables.embedded.errors import invalid

LONGEST = 4096
"""Bytes of an expression."""
TOKEN = re.compile(r"\s*(?:([#:]?[A-Za-z0-9_]+)|(<>|<=|>=|[=<>()\[\],.+-]))")
KEYWORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})
COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
PREDICATES = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Path:
    """Where in an item: names (or their placeholders) and positions."""

    parts: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A placeholder of a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with its arguments."""

    name: str
    args: tuple["Node", ...]


Node = Path | Given | Call


@dataclass(frozen=True, slots=True)
class Change:
    """One action of an update expression."""

    section: str
    path: Path
    value: Node | None


class Reader:
    """Reads one expression by recursive descent."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.tokens = list(self.split(text))
        self.at = 0
        self.closing: dict[int, int] = {}

    def split(self, text: str) -> Iterator[str]:
        """Yield the tokens of an expression."""
        if len(text.encode()) > LONGEST:
            raise invalid(f"Invalid {self.kind}: Expression size has exceeded the maximum allowed size")
        if not (text := text.rstrip()):
            raise invalid(f"Invalid {self.kind}: The expression can not be empty;")
        place = 0
        while place < len(text):
            if not (found := TOKEN.match(text, place)):
                raise self.wrong(text[place:].strip()[:1])
            place = found.end()
            yield found[1] or found[2]

    def wrong(self, token: str) -> Exception:
        """Return the refusal of a token that may not stand there."""
        return invalid(f'Invalid {self.kind}: Syntax error; token: "{token or "<EOF>"}"')

    def peek(self) -> str:
        """Return the next token, a keyword in capitals; empty at the end."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        return token.upper() if token.upper() in KEYWORDS else token

    def take(self, *expected: str) -> str:
        """Return the next token and move on."""
        token = self.peek()
        if not token or (expected and token not in expected):
            raise self.wrong(token)
        self.at += 1
        return token

    def skip(self, token: str) -> bool:
        """Move on if this is the next token, and return whether it was."""
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def listed(self, read: Callable[[], T]) -> tuple[T, ...]:
        """Return what stands between commas."""
        found = [read()]
        while self.skip(","):
            found.append(read())
        return tuple(found)

    # --- Conditions

    def condition(self) -> Node:
        """Read conditions joined by OR."""
        left = self.conjunction()
        while self.skip("OR"):
            left = Call("OR", (left, self.conjunction()))
        return left

    def conjunction(self) -> Node:
        """Read conditions joined by AND, which binds closer."""
        left = self.negation()
        while self.skip("AND"):
            left = Call("AND", (left, self.negation()))
        return left

    def negation(self) -> Node:
        """Read a condition in parentheses or after NOT, which binds closest, or a plain one."""
        if self.skip("NOT"):
            return Call("NOT", (self.negation(),))
        if self.skip("("):
            begun = self.at
            inner = self.condition()
            if self.closing.get(begun) == self.at:
                raise invalid(f"Invalid {self.kind}: The expression has redundant parentheses;")
            self.take(")")
            self.closing[begun - 1] = self.at
            return inner
        return self.comparison()

    def comparison(self) -> Node:
        """Read a comparison or a function that is a condition."""
        left = self.operand(PREDICATES.keys() | {"size"})
        if isinstance(left, Call) and left.name in PREDICATES:
            return left
        operator = self.take("BETWEEN", "IN", *COMPARISONS)
        if operator == "BETWEEN":
            low = self.operand({"size"})
            self.take("AND")
            return Call("BETWEEN", (left, low, self.operand({"size"})))
        if operator == "IN":
            self.take("(")
            choices = self.listed(lambda: self.operand({"size"}))
            self.take(")")
            return Call("IN", (left, *choices))
        return Call(operator, (left, self.operand({"size"})))

    def operand(self, functions: set[str]) -> Node:
        """Read a value, a path, or one of these functions."""
        token = self.take()
        if token.startswith(":"):
            return Given(token)
        if self.peek() != "(":
            self.at -= 1
            return self.path()
        if token not in functions:
            raise invalid(f"Invalid {self.kind}: Invalid function name; function: {token}")
        self.take("(")
        args = self.listed(lambda: self.operand(functions - PREDICATES.keys()))
        self.take(")")
        if len(args) != PREDICATES.get(token, 1 if token == "size" else 2):  # noqa: S105 - a function's name
            raise invalid(f"Invalid {self.kind}: Incorrect number of operands for operator or function: {token}")
        if token in ("attribute_exists", "attribute_not_exists", "if_not_exists") and not isinstance(args[0], Path):
            raise invalid(f"Invalid {self.kind}: Operator or function requires a document path: {token}")
        if token == "attribute_type" and not isinstance(args[1], Given):  # noqa: S105 - a function's name
            raise invalid(f"Invalid {self.kind}: Incorrect operand type for operator or function: {token}")
        return Call(token, args)

    def path(self) -> Path:
        """Read a document path."""
        parts: list[str | int] = [self.name()]
        while True:
            if self.skip("."):
                parts.append(self.name())
            elif self.skip("["):
                if not (position := self.take()).isdigit():
                    raise self.wrong(position)
                parts.append(int(position))
                self.take("]")
            else:
                return Path(tuple(parts))

    def name(self) -> str:
        """Read an attribute name or its placeholder."""
        token = self.take()
        if not (token.startswith("#") or token[0].isalpha()) or token in KEYWORDS:
            raise self.wrong(token)
        return token

    # --- Updates

    def update(self) -> tuple[Change, ...]:
        """Read the sections of an update."""
        changes: list[Change] = []
        seen: set[str] = set()
        while self.at < len(self.tokens):
            section = self.take("SET", "REMOVE", "ADD", "DELETE")
            if section in seen:
                raise invalid(f'Invalid UpdateExpression: The "{section}" section can only be used once;')
            seen.add(section)
            changes += self.listed(lambda section=section: self.change(section))  # type: ignore[misc] # bound now
        return tuple(changes)

    def change(self, section: str) -> Change:
        """Read one action of a section."""
        path = self.path()
        if section == "SET":
            self.take("=")
            return Change(section, path, self.sum())
        if section == "REMOVE":
            return Change(section, path, None)
        value = self.take()
        if not value.startswith(":"):
            raise self.wrong(value)
        return Change(section, path, Given(value))

    def sum(self) -> Node:
        """Read what SET assigns."""
        if self.skip("("):
            inner = self.sum()
            self.take(")")
            return inner
        left = self.operand({"if_not_exists", "list_append"})
        if self.peek() in ("+", "-"):
            return Call(self.take(), (left, self.operand({"if_not_exists", "list_append"})))
        return left


@dataclass(frozen=True, slots=True)
class Read:
    """An expression that was read: its tree, and the placeholders in it."""

    condition: Node | None = None
    changes: tuple[Change, ...] = ()
    paths: tuple[Path, ...] = ()
    names: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()


@lru_cache(maxsize=1024)
def read(kind: str, text: str) -> Read:
    """Return what an expression says; ``kind`` is its name in the request, such as ``FilterExpression``."""
    reader = Reader(kind, text)
    condition: Node | None = None
    changes: tuple[Change, ...] = ()
    paths: tuple[Path, ...] = ()
    try:
        if kind == "UpdateExpression":
            changes = reader.update()
        elif kind == "ProjectionExpression":
            paths = reader.listed(reader.path)
        else:
            condition = reader.condition()
    except RecursionError:
        raise invalid(f"Invalid {kind}: The expression contains too many nested operators") from None
    if left_over := reader.peek():
        raise reader.wrong(left_over)
    names = frozenset(token for token in reader.tokens if token.startswith("#"))
    values = frozenset(token for token in reader.tokens if token.startswith(":"))
    return Read(condition, changes, paths, names, values)
