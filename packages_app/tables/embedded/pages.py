"""Query and Scan: a range of the table or of an index, page by page."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from packages_app.tables.embedded.conditions import check_literals, holds
from packages_app.tables.embedded.errors import Refused, invalid
from packages_app.tables.embedded.expressions import COMPARISONS, Call, Given, Node, Path
from packages_app.tables.embedded.items import Item, unpacked
from packages_app.tables.embedded.request import Expressions
from packages_app.tables.embedded.tables import Key, Table, in_order, table

PAGE = 1024 * 1024
"""Bytes of items after which a page ends."""


@dataclass
class Range:
    """What to read, in SQL."""

    table: Table
    index: str | None
    key: Key
    clauses: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    partition: bytes | None = None
    """The one partition to read."""

    def column(self, place: int) -> str:
        """Return the column of the partition key (0) or sort key (1)."""
        return (("ipk", "isk") if self.index else ("pk", "sk"))[place]

    def limit(self, clause: str, *values: Any) -> None:  # noqa: ANN401 - what SQLite compares with
        """Narrow the range."""
        self.clauses.append(clause)
        self.values += values

    def statement(self, *, forward: bool) -> str:
        """Return the statement that reads the range in order."""
        # CROSS JOIN is SQLite's way to have the index read first, whatever its planner guesses.
        order = ["ipk", "isk", "pk", "sk"] if self.index else ["pk", "sk"]
        source = "entries CROSS JOIN items USING (tbl, pk, sk)" if self.index else "items"
        ordered = ", ".join(f"{column} {'ASC' if forward else 'DESC'}" for column in order)
        return f"SELECT item, size FROM {source} WHERE {' AND '.join(self.clauses)} ORDER BY {ordered}"  # noqa: S608 - built from constants


def chosen(db: sqlite3.Connection, request: dict[str, Any]) -> Range:
    """Return the table or index that a request reads."""
    found = table(db, request["TableName"])
    index = request.get("IndexName")
    if index is not None and index not in found.indexes:
        raise invalid(f"The table does not have the specified index: {index}")
    if index and request.get("ConsistentRead"):
        raise invalid("Consistent reads are not supported on global secondary indexes")
    span = Range(found, index, found.indexes[index] if index else found.key)
    span.limit("tbl = ?", found.name)
    if index:
        span.limit("idx = ?", index)
    return span


def query(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer Query."""
    span, given = chosen(db, request), Expressions(request)
    if given.key is None:
        raise invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    narrow(span, given)
    if given.filter and (keys := set(given.top_level(given.filter)) & set(span.key.names())):
        raise invalid(f"Filter Expression can only contain non-primary key attributes: {min(keys)}")
    return page(db, span, given, request)


def scan(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer Scan."""
    return page(db, chosen(db, request), Expressions(request), request)


def narrow(span: Range, given: Expressions) -> None:
    """Narrow the range to what the key condition says."""
    terms: dict[str, Call] = {}
    for term in conjuncts(given.key):
        if not isinstance(term, Call) or not term.args or not isinstance(term.args[0], Path):
            raise invalid("Invalid KeyConditionExpression: Invalid operator or operand")
        name = str(given.parts(term.args[0])[0])
        if name in terms or len(term.args[0].parts) > 1:
            raise invalid("KeyConditionExpressions must only contain one condition per key")
        terms[name] = term
    for place, (name, kind, _) in enumerate(span.key.attributes):
        condition = terms.pop(name, None)
        if place == 0 and (condition is None or condition.name != "="):
            raise invalid(f"Query condition missed key schema element: {name}")
        if condition is not None:
            bounds = [literal(arg, kind, given) for arg in condition.args[1:]]
            compare(span, place, condition, bounds)
            if place == 0:
                span.partition = bounds[0]
            check_literals("BETWEEN" if condition.name == "BETWEEN" else "=", condition.args, given)
    if terms:
        raise invalid(f"Query condition missed key schema element: not a key: {min(terms)}")


def conjuncts(node: Node | None) -> list[Node | None]:
    """Return the conditions that AND joins."""
    if isinstance(node, Call) and node.name == "AND":
        return [part for arg in node.args for part in conjuncts(arg)]
    return [node]


def literal(node: Node, kind: str, given: Expressions) -> bytes:
    """Return the bytes of a key that a value of the request stands for."""
    if not isinstance(node, Given):
        raise invalid("Invalid KeyConditionExpression: A key is compared to values only")
    value = given.values[node.name]
    if kind not in value:
        raise invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
    if not value[kind]:
        raise invalid(
            "One or more parameter values are not valid. A key attribute cannot be compared to an empty value"
        )
    return in_order(value[kind])


def compare(span: Range, place: int, condition: Call, values: Sequence[bytes]) -> None:
    """Narrow one key of the range."""
    column = span.column(place)
    if condition.name == "BETWEEN":
        span.limit(f"{column} BETWEEN ? AND ?", *values)
    elif condition.name == "begins_with":
        span.limit(f"{column} >= ?", values[0])
        if end := successor(values[0]):
            span.limit(f"{column} < ?", end)
    elif condition.name in COMPARISONS - {"<>"}:
        span.limit(f"{column} {condition.name} ?", values[0])
    else:
        raise invalid(f"Invalid operator used in KeyConditionExpression: {condition.name}")


def successor(prefix: bytes) -> bytes:
    """Return the first bytes after all that begin with the prefix; empty when there are none."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else b""


def start(span: Range, key: Item, *, forward: bool) -> None:
    """Narrow the range to what comes after the last page's last key."""
    own_names, index_names = span.table.key.names(), span.key.names() if span.index else []
    if set(key) != {*own_names, *index_names}:
        raise invalid("The provided starting key is invalid: The provided key element does not match the schema")
    first = span.key.of(key)
    place = dict(zip(("pk", "sk"), span.table.key.of(key), strict=True))
    if span.index:
        place = {"ipk": first[0], "isk": first[1], **place}
    # Without the column that is fixed anyway, SQLite finds the place in its order at once.
    if span.partition is not None and place.pop(span.column(0)) != span.partition:
        raise invalid("The provided starting key is outside query boundaries based on provided conditions")
    span.limit(f"({', '.join(place)}) {'>' if forward else '<'} ({', '.join('?' * len(place))})", *place.values())


def page(db: sqlite3.Connection, span: Range, given: Expressions, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the range."""
    forward = request.get("ScanIndexForward", True)
    limit = request.get("Limit")
    if limit is not None and limit < 1:
        raise invalid(
            "Value at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"
        )
    if key := request.get("ExclusiveStartKey"):
        start(span, key, forward=forward)
    items: list[Item] = []
    scanned = size = count = 0
    last: Item | None = None
    rows = db.execute(span.statement(forward=forward), span.values)
    for text, taken in rows:
        item = unpacked(text)
        scanned += 1
        size += taken
        if given.filter is None or holds(given.filter, item, given):
            count += 1
            items.append(given.projected(item))
        if scanned == limit or size > PAGE:
            last = item
            break
    rows.close()
    answer: dict[str, Any] = {"Count": count, "ScannedCount": scanned}
    if last is not None:
        answer["LastEvaluatedKey"] = {name: last[name] for name in (*span.table.key.names(), *span.key.names())}
    select = request.get("Select")
    if select not in (None, "COUNT", "ALL_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"):
        raise Refused("ValidationException", f"Select has an invalid value: {select}")
    return answer if select == "COUNT" else {"Items": items, **answer}
