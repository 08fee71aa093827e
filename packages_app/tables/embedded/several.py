"""Transactions and batches."""

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from typing import Any

from packages_app.tables.embedded.errors import Refused, cancelled, invalid
from packages_app.tables.embedded.items import packed
from packages_app.tables.embedded.single import Action, change, prepared, stored

ACTIONS = frozenset({"ConditionCheck", "Delete", "Put", "Update"})
MOST_ACTIONS = 100
MOST_KEYS = 100
MOST_WRITES = 25
TOKEN_LIFE = 600
"""Seconds in which a repeated request token is recognised."""
REASONS = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "ValidationException": "ValidationError",
}


def apart(actions: Sequence[Action], message: str) -> None:
    """Refuse two actions on one item."""
    if len({action.target for action in actions}) != len(actions):
        raise invalid(message)


def transact_write(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer TransactWriteItems."""
    parts = parts_of(request)
    if not all(kind in ACTIONS for kind, _ in parts):
        raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    if repeated(db, request):
        return {}
    actions = [prepared(db, kind, body) for kind, body in parts]
    apart(actions, "Transaction request cannot include multiple operations on one item")
    reasons: list[dict[str, Any]] = []
    for action in actions:
        try:
            change(db, action)
        except Refused as refusal:
            code = REASONS[refusal.code]
            reasons.append({"Code": code, "Message": refusal.message, **refusal.response})
        else:
            reasons.append({"Code": "None"})
    if any(reason["Code"] != "None" for reason in reasons):
        raise cancelled(reasons)
    return {}


def parts_of(request: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the parts of a transaction, each with its kind."""
    items = request["TransactItems"]
    if not 1 <= len(items) <= MOST_ACTIONS:
        raise invalid(f"Member must have length less than or equal to {MOST_ACTIONS}, and at least 1")
    if any(len(item) != 1 for item in items):
        raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    return [next(iter(item.items())) for item in items]


def repeated(db: sqlite3.Connection, request: dict[str, Any]) -> bool:
    """Return whether the request with this token was carried out before; remember it if not."""
    if not (token := request.get("ClientRequestToken")):
        return False
    digest = hashlib.sha256(packed(request["TransactItems"]).encode()).digest()
    db.execute("DELETE FROM tokens WHERE at < ?", (time.time() - TOKEN_LIFE,))
    known = db.execute("SELECT request FROM tokens WHERE token = ?", (token,)).fetchone()
    if known is None:
        db.execute("INSERT INTO tokens VALUES (?, ?, ?)", (token, digest, time.time()))
    elif known[0] != digest:
        raise Refused("IdempotentParameterMismatchException", "The request token was used with another request")
    return known is not None


def transact_get(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer TransactGetItems."""
    parts = parts_of(request)
    if any(kind != "Get" for kind, _ in parts):
        raise invalid("TransactItems can only contain Get")
    responses = []
    actions = [prepared(db, kind, body) for kind, body in parts]
    apart(actions, "Transaction request cannot include multiple operations on one item")
    for action in actions:
        found = stored(db, action.target)
        shown = action.given.projected(found) if found else None
        responses.append({"Item": shown} if shown else {})
    return {"Responses": responses}


def batch_get(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer BatchGetItem; all of it at once, so that nothing is left unprocessed."""
    responses: dict[str, list[Any]] = {}
    wanted = request["RequestItems"]
    if not 1 <= sum(len(asked["Keys"]) for asked in wanted.values()) <= MOST_KEYS:
        raise invalid(f"Too many items requested for the BatchGetItem call, or none: at most {MOST_KEYS}")
    for name, asked in wanted.items():
        actions = [prepared(db, "Get", {**asked, "TableName": name, "Key": key}) for key in asked["Keys"]]
        apart(actions, "Provided list of item keys contains duplicates")
        found = [(action, stored(db, action.target)) for action in actions]
        responses[name] = [action.given.projected(item) for action, item in found if item]
    return {"Responses": responses, "UnprocessedKeys": {}}


def batch_write(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer BatchWriteItem; all of it at once, so that nothing is left unprocessed."""
    wanted = request["RequestItems"]
    if not 1 <= sum(len(writes) for writes in wanted.values()) <= MOST_WRITES:
        raise invalid(f"Too many items requested for the BatchWriteItem call, or none: at most {MOST_WRITES}")
    actions = []
    for name, writes in wanted.items():
        for write in writes:
            [(kind, body)] = write.items()
            if kind not in ("PutRequest", "DeleteRequest"):
                raise invalid("Supplied WriteRequest must contain a PutRequest or a DeleteRequest")
            actions.append(prepared(db, kind.removesuffix("Request"), {**body, "TableName": name}))
    apart(actions, "Provided list of item keys contains duplicates")
    for action in actions:
        change(db, action)
    return {"UnprocessedItems": {}}
