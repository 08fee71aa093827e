"""Operations on one item: reading it, and the three ways to change it, also as parts of a transaction."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from packages_app.tables.embedded.conditions import holds
from packages_app.tables.embedded.errors import condition_failed, invalid
from packages_app.tables.embedded.items import Item, checked, packed, unpacked
from packages_app.tables.embedded.request import Expressions
from packages_app.tables.embedded.tables import Table, table
from packages_app.tables.embedded.updates import apply

ONE = "tbl = ? AND pk = ? AND sk = ?"


@dataclass
class Action:
    """One read or change of one item, checked as far as that goes without the item."""

    kind: str
    table: Table
    key: tuple[bytes, bytes]
    request: dict[str, Any]
    given: Expressions

    @property
    def target(self) -> tuple[str, bytes, bytes]:
        """Return which item it is about."""
        return self.table.name, *self.key


def prepared(db: sqlite3.Connection, kind: str, request: dict[str, Any]) -> Action:
    """Return the action that a request asks for; ``kind`` is a transaction's word for it."""
    found = table(db, request["TableName"])
    given = Expressions(request)
    if kind == "Put":
        item, _ = checked(request["Item"])
        key = found.key.of(item)
        found.entries(item)
        request = {**request, "Item": item}
    else:
        key = found.key.alone(request["Key"])
    for change in given.changes or ():
        if (name := given.parts(change.path)[0]) in found.key.names():
            raise invalid(f"Cannot update attribute {name}. This attribute is part of the key")
    return Action(kind, found, key, request, given)


def stored(db: sqlite3.Connection, target: tuple[str, bytes, bytes]) -> Item | None:
    """Return an item as it is kept."""
    found = db.execute(f"SELECT item FROM items WHERE {ONE}", target).fetchone()  # noqa: S608 - a constant
    return None if found is None else unpacked(found[0])


def get(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer GetItem."""
    action = prepared(db, "Get", request)
    found = stored(db, action.target)
    return {} if found is None else {"Item": action.given.projected(found)}


def check(action: Action, old: Item | None) -> None:
    """Refuse the action if its condition does not hold."""
    if action.given.condition is None or holds(action.given.condition, old or {}, action.given):
        return
    shown = action.request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    raise condition_failed(old if shown else None)


def change(db: sqlite3.Connection, action: Action) -> tuple[Item | None, Item | None]:
    """Carry the action out, and return the item before and after it."""
    old = stored(db, action.target)
    check(action, old)
    if action.kind == "ConditionCheck":
        return old, old
    new: Item | None = None
    if action.kind == "Put":
        new = action.request["Item"]
    elif action.kind == "Update":
        new = dict(action.request["Key"]) if old is None else stored(db, action.target) or {}
        apply(action.given.changes or (), old or dict(new), new, action.given)
    replace(db, action, old, new)
    return old, new


def replace(db: sqlite3.Connection, action: Action, old: Item | None, new: Item | None) -> None:
    """Store the item in place of the old one, in the table and in its indexes."""
    before = action.table.entries(old) if old else {}
    after: dict[str, tuple[bytes, bytes]] = {}
    if new is None:
        db.execute(f"DELETE FROM items WHERE {ONE}", action.target)  # noqa: S608 - a constant
    else:
        kept, size = checked(new)
        after = action.table.entries(kept)
        row = (*action.target, packed(kept), size, action.table.expires(kept))
        db.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)", row)
    name, pk, sk = action.target
    for index, (ipk, isk) in before.items() - after.items():
        gone = (name, index, ipk, isk, pk, sk)
        db.execute("DELETE FROM entries WHERE tbl=? AND idx=? AND ipk=? AND isk=? AND pk=? AND sk=?", gone)
    for index, (ipk, isk) in after.items() - before.items():
        db.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", (name, index, ipk, isk, pk, sk))


def put(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer PutItem."""
    return changed(db, "Put", request, ("NONE", "ALL_OLD"))


def delete(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer DeleteItem."""
    return changed(db, "Delete", request, ("NONE", "ALL_OLD"))


def update(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer UpdateItem."""
    return changed(db, "Update", request, ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"))


def changed(db: sqlite3.Connection, kind: str, request: dict[str, Any], returnable: tuple[str, ...]) -> dict[str, Any]:
    """Carry out one change, and return what the request asks to see of the item."""
    wanted = request.get("ReturnValues", "NONE")
    if wanted not in returnable:
        raise invalid(f"Return values set to invalid value: {wanted}")
    action = prepared(db, kind, request)
    old, new = change(db, action)
    shown = old if wanted.endswith("OLD") else new
    if wanted == "NONE" or shown is None:
        return {}
    if wanted.startswith("UPDATED"):
        shown = action.given.projected(shown, tuple(each.path for each in action.given.changes or ()))
    return {"Attributes": shown} if shown else {}
