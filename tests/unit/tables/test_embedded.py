"""What is the embedded catalogue's own: expiry, and what it says it cannot do."""

import time

import pytest

from packages_app.tables.embedded import connection as connections
from packages_app.tables.embedded.tables import GRACE
from tests.unit.tables.conftest import SCHEMA, Table, key


@pytest.fixture
def here(embedded) -> Table:
    return Table("embedded", embedded)


def test_expired_items_go_a_day_later_with_their_entries(here, monkeypatch):
    now = int(time.time())
    entry = {"lookup_pk": {"S": "l"}, "lookup_sk": {"S": "x"}}
    here.put("p", "before the switch", expires={"N": str(now - GRACE - 60)})
    here.ask("UpdateTimeToLive", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    here.put("p", "long gone", expires={"N": str(now - GRACE - 60)}, **entry)
    here.put("p", "just gone", expires={"N": str(now - 60)}, **entry)
    here.put("p", "to come", expires={"N": str(now + 60)})
    here.put("p", "no time", expires={"S": "never"})
    here.put("p", "none")
    monkeypatch.setattr(connections, "SWEEPS", 0.0)
    here.put("q", "any write")
    found = sorted(item["sk"]["S"] for item in here.ask("Scan")["Items"])
    assert found == ["any write", "just gone", "no time", "none", "to come"]
    request = {"KeyConditionExpression": "lookup_pk = :l", "ExpressionAttributeValues": {":l": {"S": "l"}}}
    assert here.keys(IndexName="lookup", **request) == ["just gone"]
    with here.connection.store.reading() as db:
        assert db.execute("SELECT count(*) FROM entries").fetchone() == (1,)


@pytest.mark.parametrize(
    ("operation", "request_part", "named"),
    [
        ("ListTables", {}, "ListTables"),
        ("ExecuteStatement", {"Statement": "SELECT"}, "ExecuteStatement"),
        ("Scan", {"Segment": 0, "TotalSegments": 2}, "Segment"),
        ("PutItem", {"Item": key("p", "s"), "Expected": {}}, "Expected"),
        ("GetItem", {"Key": key("p", "s"), "AttributesToGet": ["pk"]}, "AttributesToGet"),
        ("CreateTable", {**SCHEMA, "TableName": "t", "StreamSpecification": {"StreamEnabled": True}}, "Stream"),
        ("CreateTable", {**SCHEMA, "TableName": "t", "LocalSecondaryIndexes": [{}]}, "LocalSecondaryIndexes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_cannot_do_it_says_by_name(here, operation, request_part, named):
    with pytest.raises(NotImplementedError, match=named):
        here.ask(operation, **request_part)


def test_a_number_as_a_key_is_not_done(here):
    schema = {
        "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "n", "AttributeType": "N"}],
    }
    with pytest.raises(NotImplementedError, match="numbers as keys"):
        here.ask("CreateTable", TableName="numbers", **schema)
    assert here.code("DescribeTable", TableName="numbers") == "ResourceNotFoundException"


def test_bytes_as_keys_are_ordered(here):
    schema = {
        "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}],
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "B"} for name in "bc"],
    }
    here.ask("CreateTable", TableName="blobs", **schema)
    for c in (b"\xff\xff", b"\xff", b"\x00", b"\xffa"):
        here.ask("PutItem", TableName="blobs", Item={"b": {"B": b"p"}, "c": {"B": c}})
    request = {
        "TableName": "blobs",
        "KeyConditionExpression": "b = :b AND begins_with(c, :c)",
        "ExpressionAttributeValues": {":b": {"B": b"p"}, ":c": {"B": b"\xff"}},
    }
    assert [item["c"]["B"] for item in here.ask("Query", **request)["Items"]] == [b"\xff", b"\xffa", b"\xff\xff"]


@pytest.mark.parametrize("index", [{}, {"IndexName": "lookup"}], ids=["table", "index"])
@pytest.mark.parametrize("forward", [True, False])
def test_one_page_reads_no_further_than_it_must(here, index, forward):
    """However far into a partition a page starts, SQLite goes to its place at once."""
    for number in range(150):
        here.put("p", f"{number:03}", lookup_pk={"S": "p"}, lookup_sk={"S": f"{number // 3:03}"})
    request = {
        "KeyConditionExpression": "lookup_pk = :p" if index else "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "p"}},
        "ScanIndexForward": forward,
        **index,
    }
    first = here.ask("Query", **request, Limit=1)
    seen = []
    with here.connection.store.connection() as db:
        db.set_progress_handler(lambda: seen.append(1), 1)
    here.ask("Query", **request, Limit=1, ExclusiveStartKey=first["LastEvaluatedKey"])
    few = len(seen)
    here.ask("Query", **request)
    with here.connection.store.connection() as db:
        db.set_progress_handler(None, 0)
    assert 0 < few * 10 < len(seen) - few
