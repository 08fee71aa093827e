"""Tables: what their keys are, creating and describing them, and letting go of items that expired."""

import json
import sqlite3
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from packages_app.tables.embedded.errors import Refused, invalid
from packages_app.tables.embedded.items import Item, unpacked

GRACE = 24 * 3600
"""Seconds an item outlives its expiry at least, so that a clock that ran ahead for a while removes nothing."""
SWEEP = 200
"""Items that one sweep removes at most."""
LONGEST_KEYS = {"HASH": 2048, "RANGE": 1024}
KEPT = ("TableName", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")


@dataclass(frozen=True)
class Key:
    """The key of a table or index: its attributes, the types they have, and which of the two they are."""

    attributes: tuple[tuple[str, str, str], ...]

    def names(self) -> list[str]:
        """Return the names of the attributes."""
        return [name for name, _, _ in self.attributes]

    def of(self, item: Item) -> tuple[bytes, bytes]:
        """Return the item's key as the bytes it is ordered by."""
        found = []
        for name, kind, role in self.attributes:
            value = item.get(name)
            if value is None:
                raise invalid(f"One or more parameter values were invalid: Missing the key {name} in the item")
            if kind not in value:
                raise invalid(f"One or more parameter values were invalid: Type mismatch for key {name}")
            found.append(in_order(value[kind]))
            if not found[-1]:
                raise invalid(f"The AttributeValue for a key attribute cannot contain an empty value. Key: {name}")
            if len(found[-1]) > LONGEST_KEYS[role]:
                raise invalid(f"One or more parameter values were invalid: Size of {role} key has exceeded the limit")
        return found[0], found[1] if len(found) > 1 else b""

    def alone(self, given: Item) -> tuple[bytes, bytes]:
        """Return the key that a request names; it must hold nothing but the key."""
        if set(given) != set(self.names()):
            raise invalid("The provided key element does not match the schema")
        return self.of(given)


@dataclass(frozen=True)
class Table:
    """What a table looks like."""

    name: str
    key: Key
    indexes: dict[str, Key]
    expiry: str | None
    description: dict[str, Any]

    def entries(self, item: Item) -> dict[str, tuple[bytes, bytes]]:
        """Return the item's key in each index that it is in; indexes are sparse."""
        found = {}
        for index, key in self.indexes.items():
            held = tuple(attribute for attribute in key.attributes if attribute[0] in item)
            if held == key.attributes:
                found[index] = key.of(item)
            elif held:
                Key(held).of(item)  # not in the index, and refused all the same if of another type
        return found

    def expires(self, item: Item) -> int | None:
        """Return when the item expires, in seconds since the epoch."""
        value = item.get(self.expiry, {}) if self.expiry else {}
        return int(float(value["N"])) if "N" in value else None


def in_order(content: str | bytes) -> bytes:
    """Return a key's content as bytes that order as DynamoDB does."""
    return content if isinstance(content, bytes) else content.encode()


@lru_cache(maxsize=64)
def parsed(name: str, text: str) -> Table:
    """Return the table that was kept as this text."""
    description = json.loads(text)
    types = {entry["AttributeName"]: entry["AttributeType"] for entry in description["AttributeDefinitions"]}
    if "N" in types.values():
        raise NotImplementedError("The embedded catalogue does not order numbers as keys.")

    def key(schema: list[dict[str, str]]) -> Key:
        ordered = sorted(schema, key=lambda entry: entry["KeyType"])  # HASH comes before RANGE
        return Key(tuple((e["AttributeName"], types[e["AttributeName"]], e["KeyType"]) for e in ordered))

    indexes = {each["IndexName"]: key(each["KeySchema"]) for each in description.get("GlobalSecondaryIndexes", [])}
    return Table(name, key(description["KeySchema"]), indexes, description.get("Expiry"), description)


def table(db: sqlite3.Connection, name: str) -> Table:
    """Return the named table."""
    found = db.execute("SELECT description FROM tables WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise Refused("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return parsed(name, found[0])


def create(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer CreateTable."""
    for name, value in request.items():
        if value and name not in (*KEPT, "ProvisionedThroughput", "Tags"):
            raise NotImplementedError(f"The embedded catalogue's CreateTable has no {name}.")
    for index in request.get("GlobalSecondaryIndexes", []):
        if index["Projection"]["ProjectionType"] != "ALL":
            raise NotImplementedError("The embedded catalogue projects all attributes into an index.")
    name = request["TableName"]
    text = json.dumps({part: request[part] for part in KEPT if part in request})
    if db.execute("INSERT OR IGNORE INTO tables VALUES (?, ?)", (name, text)).rowcount == 0:
        raise Refused("ResourceInUseException", f"Table already exists: {name}")
    return {"TableDescription": described(parsed(name, text))}


def described(found: Table) -> dict[str, Any]:
    """Return a table's description as DynamoDB gives it."""
    shown = {part: value for part, value in found.description.items() if part not in ("Expiry", "BillingMode")}
    if indexes := shown.get("GlobalSecondaryIndexes"):
        shown["GlobalSecondaryIndexes"] = [{**index, "IndexStatus": "ACTIVE"} for index in indexes]
    return {**shown, "TableStatus": "ACTIVE", "TableArn": f"arn:embedded:dynamodb:::table/{found.name}"}


def describe(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer DescribeTable."""
    found = table(db, request["TableName"])
    count, size = db.execute("SELECT count(*), total(size) FROM items WHERE tbl = ?", (found.name,)).fetchone()
    return {"Table": {**described(found), "ItemCount": count, "TableSizeBytes": int(size)}}


def delete(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer DeleteTable."""
    found = table(db, request["TableName"])
    db.execute("DELETE FROM tables WHERE name = ?", (found.name,))
    db.execute("DELETE FROM items WHERE tbl = ?", (found.name,))
    db.execute("DELETE FROM entries WHERE tbl = ?", (found.name,))
    return {"TableDescription": {**described(found), "TableStatus": "DELETING"}}


def describe_expiry(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer DescribeTimeToLive."""
    attribute = table(db, request["TableName"]).expiry
    if attribute is None:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": attribute}}


def update_expiry(db: sqlite3.Connection, request: dict[str, Any]) -> dict[str, Any]:
    """Answer UpdateTimeToLive."""
    found = table(db, request["TableName"])
    wanted = request["TimeToLiveSpecification"]
    attribute = wanted["AttributeName"] if wanted["Enabled"] else None
    if attribute == found.expiry:
        raise invalid(f"TimeToLive is already {'enabled' if attribute else 'disabled'}")
    text = json.dumps({**found.description, "Expiry": attribute})
    db.execute("UPDATE tables SET description = ? WHERE name = ?", (text, found.name))
    changed = parsed(found.name, text)
    for pk, sk, item in db.execute("SELECT pk, sk, item FROM items WHERE tbl = ?", (found.name,)).fetchall():
        moment = changed.expires(unpacked(item))
        db.execute("UPDATE items SET expires = ? WHERE tbl = ? AND pk = ? AND sk = ?", (moment, found.name, pk, sk))
    return {"TimeToLiveSpecification": wanted}


def sweep(db: sqlite3.Connection) -> None:
    """Remove some items that expired long enough ago."""
    expired = db.execute(
        "SELECT tbl, pk, sk, item FROM items WHERE tbl IN (SELECT name FROM tables) AND expires < ? LIMIT ?",
        (int(time.time()) - GRACE, SWEEP),
    ).fetchall()
    for name, pk, sk, item in expired:
        for index, (ipk, isk) in table(db, name).entries(unpacked(item)).items():
            db.execute(
                "DELETE FROM entries WHERE tbl = ? AND idx = ? AND ipk = ? AND isk = ? AND pk = ? AND sk = ?",
                (name, index, ipk, isk, pk, sk),
            )
        db.execute("DELETE FROM items WHERE tbl = ? AND pk = ? AND sk = ?", (name, pk, sk))
