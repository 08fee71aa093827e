"""Drives the embedded catalogue and moto with the same random requests, and compares every answer and error code.

Left out, because moto answers otherwise than DynamoDB (the contract suite holds the embedded catalogue to DynamoDB's
answer for each): numbers that are not in their plain form, sets with duplicates, items between 405,000 and 409,600
bytes, reserved words, unused values, binary prefixes, comparisons across types, sizes of numbers and of what is absent,
pages that end exactly at the last item or at a megabyte, and filters together with paging.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from moto import mock_aws
from pynamodb.exceptions import VerboseClientError

from packages_app.tables.embedded.connection import EmbeddedConnection
from tests.unit.tables.conftest import Table, key

PKS = st.sampled_from(["p", "q", "ü", "F#🐍"])
SKS = st.sampled_from(["#", "F#a", "F#b", "F#ab", "é", "z\x00", "\uffff", "🐍"])
KEYS = st.builds(key, PKS, SKS)
NAMES = st.sampled_from(["a", "b", "c"])

texts = st.sampled_from(["", "a", "ab", "b", "é🐍", "x" * 50])
numbers = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.sampled_from(["0.5", "-0.25", "12345678901234567890123456789012345678", "0.1", "99999999999999999999"]),
)
scalars = st.one_of(
    texts.map(lambda text: {"S": text}),
    numbers.map(lambda number: {"N": number}),
    st.binary(max_size=4).map(lambda data: {"B": data}),
    st.booleans().map(lambda flag: {"BOOL": flag}),
    st.just({"NULL": True}),
    st.lists(texts.filter(bool), min_size=1, max_size=3, unique=True).map(lambda members: {"SS": members}),
    st.lists(st.integers(0, 5).map(str), min_size=1, max_size=3, unique=True).map(lambda members: {"NS": members}),
    st.lists(st.binary(min_size=1, max_size=2), min_size=1, max_size=3, unique=True).map(lambda m: {"BS": m}),
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3).map(lambda members: {"L": members}),
    st.dictionaries(NAMES, scalars, max_size=3).map(lambda entries: {"M": entries}),
)
indexed = st.fixed_dictionaries(
    {}, optional={"lookup_pk": st.just({"S": "l"}), "lookup_sk": st.sampled_from(["1", "2"]).map(lambda t: {"S": t})}
)
items = st.builds(
    lambda own, entry, attributes: {**attributes, **entry, **own}, KEYS, indexed, st.dictionaries(NAMES, values)
)

paths = st.sampled_from(["#a", "#b", "#c", "#a.#b", "#b[0]", "#b[1]", "#pk"])
tops = st.sampled_from(["#a", "#b", "#c"])
simple_conditions = st.one_of(
    st.tuples(st.sampled_from(["attribute_exists(%s)", "attribute_not_exists(%s)"]), paths).map(lambda p: p[0] % p[1]),
    st.tuples(tops, st.sampled_from(["=", "<>"])).map(lambda p: f"{p[0]} {p[1]} :v"),
    tops.map(lambda path: f"attribute_type({path}, :type)"),
    tops.map(lambda path: f"contains({path}, :text)"),
    st.just("begins_with(#pk, :text)"),
    st.just("#sk BETWEEN :text AND :high"),
    st.just("#sk IN (:text, :high)"),
    st.sampled_from(["<", "<=", ">", ">="]).map(lambda operator: f"#sk {operator} :text"),
)
conditions = st.recursive(
    simple_conditions,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(" ".join),
        inner.filter(lambda condition: "NOT" not in condition).map(lambda condition: f"NOT ({condition})"),
    ),
    max_leaves=4,
)
updates = st.sampled_from(
    [
        "SET #a = :v",
        "SET #a = :v, #b = :text",
        "SET #a = #a + :n",
        "SET #a = #b - :n",
        "SET #c = if_not_exists(#c, :v)",
        "SET #b = list_append(if_not_exists(#b, :l), :l)",
        "SET #b[0] = :v",
        "SET #b = #a",
        "REMOVE #a",
        "REMOVE #b[0]",
        "REMOVE #a, #c",
        "ADD #a :n",
        "ADD #a :s",
        "DELETE #a :s",
        "SET #a = :v REMOVE #b ADD #c :n",
        "SET #lookup_pk = :text",
        "REMOVE #lookup_sk",
        "SET #pk = :text",
        "SET #a = :undefined",
    ]
)
NAMED = {f"#{name}": name for name in ("a", "b", "c", "pk", "sk", "lookup_pk", "lookup_sk")}


def used(request: dict[str, Any], value, text, number) -> dict[str, Any]:
    """Return the request with the names and values its expressions need."""
    given_values = {
        ":v": value,
        ":text": {"S": text},
        ":high": {"S": text + "~"},
        ":n": {"N": number},
        ":s": {"SS": ["a", "b"]},
        ":l": {"L": [{"S": "more"}]},
        ":type": {"S": "SS"},
    }
    said = " ".join(part for name, part in request.items() if name.endswith("Expression"))
    words = set("".join(c if c.isalnum() or c in "#:_" else " " for c in said).split())
    if names := {name: meant for name, meant in NAMED.items() if name in words}:
        request["ExpressionAttributeNames"] = names
    if held := {name: meant for name, meant in given_values.items() if name in words}:
        request["ExpressionAttributeValues"] = held
    return request


@st.composite
def requests(draw) -> tuple[str, dict[str, Any]]:
    """One change of one item."""
    operation = draw(st.sampled_from(["PutItem", "PutItem", "UpdateItem", "UpdateItem", "DeleteItem"]))
    request: dict[str, Any] = {"Item": draw(items)} if operation == "PutItem" else {"Key": draw(KEYS)}
    if operation == "UpdateItem":
        request["UpdateExpression"] = draw(updates)
        request["ReturnValues"] = draw(st.sampled_from(["NONE", "ALL_OLD", "ALL_NEW"]))
    # DynamoDB refuses what cannot be said before it looks at the item; moto looks first.
    sayable = not any(part in request.get("UpdateExpression", "") for part in ("#pk", ":undefined"))
    if sayable and draw(st.booleans()):
        request["ConditionExpression"] = draw(conditions)
    value = draw(values.filter(lambda value: "NULL" not in value))  # to moto, what is absent equals NULL
    return operation, used(request, value, draw(texts.filter(bool)), draw(st.sampled_from(["1", "2.5", "-3"])))


@st.composite
def transactions(draw) -> tuple[str, dict[str, Any]]:
    """A transaction of several changes, of which any may fail."""
    actions = [{"Put": {"Item": key("p", "first")}}]
    for operation, request in draw(st.lists(requests(), min_size=1, max_size=4)):
        request.pop("ReturnValues", None)
        if ":undefined" in request.get("UpdateExpression", ""):
            continue  # moto itself fails over it in a transaction
        if operation == "DeleteItem" and "ConditionExpression" in request and draw(st.booleans()):
            operation = "ConditionItem"  # noqa: PLW2901 - the same request, as a mere check
        actions.append({operation.removesuffix("Item").replace("Condition", "ConditionCheck"): request})
    return "TransactWriteItems", {"TransactItems": actions}


@st.composite
def queries(draw) -> tuple[str, dict[str, Any]]:
    """A query of the table or the index, read to its end in small pages."""
    request: dict[str, Any] = {"ScanIndexForward": draw(st.booleans())}
    if limit := draw(st.sampled_from([None, 1, 2, 3])):
        request["Limit"] = limit
    if draw(st.booleans()):
        request |= {"IndexName": "lookup", "KeyConditionExpression": "lookup_pk = :text"}
        return "Query", used(request, {}, "l", "0")
    ranges = ["", " AND sk > :high", " AND sk <= :high", " AND begins_with(sk, :text)", " AND sk = :text"]
    request["KeyConditionExpression"] = "pk = :pk" + draw(st.sampled_from(ranges))
    used(request, {}, draw(st.sampled_from(["F#", "F#a", "é", "\uffff"])), "0")
    request.setdefault("ExpressionAttributeValues", {})[":pk"] = {"S": draw(PKS)}
    return "Query", request


@st.composite
def batches(draw) -> tuple[str, list[dict[str, Any]]]:
    """Puts and deletes of several items; moto does not mind the same key in both."""
    same = {"unique_by": lambda item: (item["pk"]["S"], item["sk"]["S"])}
    written = draw(st.lists(items, min_size=1, max_size=4, **same))
    deleted = draw(st.integers(0, len(written)))
    return "BatchWriteItem", [
        {"DeleteRequest": {"Key": {name: item[name] for name in ("pk", "sk")}}}
        if place < deleted
        else {"PutRequest": {"Item": item}}
        for place, item in enumerate(written)
    ]


steps = st.lists(st.one_of(requests(), requests(), transactions(), queries(), batches()), min_size=4, max_size=14)


def in_order(part: Any) -> Any:
    """Return an answer with its sets in order, as they have none."""
    if isinstance(part, dict):
        return {
            name: sorted(inner) if name in ("SS", "NS", "BS") and isinstance(inner, list) else in_order(inner)
            for name, inner in part.items()
        }
    return [in_order(inner) for inner in part] if isinstance(part, list) else part


def outcome(table: Table, operation: str, request: Any) -> Any:
    """Return the answer, or the code of the error and of each cancelled action."""
    if operation == "BatchWriteItem":
        request = {"RequestItems": {table.name: request}}
    if operation == "TransactWriteItems":
        named = [
            {kind: {**body, "TableName": table.name} for kind, body in a.items()} for a in request["TransactItems"]
        ]
        request = {"TransactItems": named}
    try:
        return in_order(table.ask(operation, **request))
    except VerboseClientError as error:
        reasons = [reason.code if reason else None for reason in error.cancellation_reasons]
        if "ValidationError" in reasons:
            return "ValidationException", []  # DynamoDB cancels when an update cannot be applied; moto just refuses
        return error.response["Error"]["Code"], reasons


def to_the_end(table: Table, request: dict[str, Any]) -> Any:
    """Return the sort keys of every page; where a page ends in an index of equal keys is nobody's promise."""
    found, request = [], dict(request)
    while True:
        answer = table.ask("Query", **request)
        assert "Limit" not in request or answer["Count"] <= request["Limit"]
        found += answer["Items"]
        if "LastEvaluatedKey" not in answer:
            break
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    if "IndexName" in request:
        found.sort(key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
    return in_order(found)


def everything(table: Table) -> list[Any]:
    found = table.ask("Scan")["Items"]
    return in_order(sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"])))


@settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(script=steps)
def test_both_answer_alike(script, moto_connection, tmp_path_factory):
    embedded = EmbeddedConnection(tmp_path_factory.mktemp("differences") / "catalogue.sqlite3")
    with mock_aws():
        tables = [Table("embedded", embedded), Table("moto", moto_connection)]
        for operation, request in script:
            if operation == "Query":
                ours, theirs = (to_the_end(table, request) for table in tables)
            else:
                ours, theirs = (outcome(table, operation, request) for table in tables)
            assert ours == theirs, (operation, request)
            assert everything(tables[0]) == everything(tables[1]), (operation, request)
    embedded.close()


@pytest.mark.parametrize("size", [100_000, 404_000, 410_000, 500_000])
def test_both_take_items_of_the_same_size(size, embedded, moto):
    tables = [Table("embedded", embedded), Table("moto", moto)]
    request = {"Item": {**key("p", "s"), "text": {"S": "x" * size}}}
    ours, theirs = (outcome(table, "PutItem", request) for table in tables)
    assert ours == theirs
