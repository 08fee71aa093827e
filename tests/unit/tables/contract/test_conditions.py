"""What DynamoDB promises about condition expressions."""

import pytest

from tests.unit.tables.conftest import differing, key

ITEM = {
    "n": {"N": "10"},
    "t": {"S": "wheel"},
    "e": {"S": ""},
    "b": {"B": b"\x01\x02"},
    "f": {"BOOL": True},
    "z": {"NULL": True},
    "l": {"L": [{"S": "a"}, {"N": "2"}, {"M": {"k": {"S": "deep"}}}]},
    "m": {"M": {"x": {"N": "1"}, "y": {"M": {"z": {"S": "3"}}}}},
    "ss": {"SS": ["a", "b"]},
    "ns": {"NS": ["1", "2"]},
    "bs": {"BS": [b"a"]},
}
VALUES = {
    ":10": {"N": "10"},
    ":ten": {"N": "10.0"},
    ":9": {"N": "9"},
    ":100": {"N": "100"},
    ":wheel": {"S": "wheel"},
    ":wh": {"S": "wh"},
    ":ee": {"S": "ee"},
    ":a": {"S": "a"},
    ":c": {"S": "c"},
    ":bytes": {"B": b"\x01"},
    ":one": {"N": "1"},
    ":two": {"N": "2"},
    ":five": {"N": "5"},
    ":true": {"BOOL": True},
    ":null": {"NULL": True},
    ":deep": {"S": "deep"},
    ":swapped": {"SS": ["b", "a"]},
    ":numbers": {"NS": ["2", "1.0"]},
    ":list": {"L": [{"S": "a"}]},
    ":S": {"S": "S"},
    ":N": {"S": "N"},
    ":SS": {"S": "SS"},
    ":zero": {"N": "0"},
}

HOLD = [
    "n = :10",
    "n = :ten",
    "n > :9",
    "n < :100",
    "n >= :10",
    "n <= :10",
    "n <> :9",
    "n <> :wheel",
    "n BETWEEN :9 AND :100",
    "t BETWEEN :a AND :wheel",
    "n IN (:9, :10)",
    "t = :wheel",
    "t > :wh",
    "t > :ee",
    "b > :bytes",
    "f = :true",
    "z = :null",
    "ss = :swapped",
    "ns = :numbers",
    "absent <> :a",
    "attribute_exists(t)",
    "attribute_not_exists(absent)",
    "attribute_exists(#m.y.z)",
    "attribute_not_exists(#m.y.q)",
    "attribute_exists(#l[2].k)",
    "attribute_not_exists(#l[3])",
    "#l[2].k = :deep",
    "#m.x = :one",
    "attribute_type(t, :S)",
    "attribute_type(n, :N)",
    "attribute_type(ss, :SS)",
    "begins_with(t, :wh)",
    "begins_with(b, :bytes)",
    "contains(t, :ee)",
    "contains(ss, :a)",
    "contains(ns, :one)",
    "contains(#l, :a)",
    "contains(#l, :two)",
    "size(t) = :five",
    "size(e) = :zero",
    "size(b) = :two",
    "size(ss) = :two",
    "size(#m) = :two",
    "size(#l) > :two",
    "NOT n = :9",
    "n = :9 OR t = :wheel AND f = :true",
    "(n = :9 OR t = :wheel) AND f = :true",
    "NOT (n = :9 AND t = :wheel)",
    "not n = :9 and t = :wheel",
    "NOT n = :9 AND NOT (n = :9)",
    ":10 = n",
    "t = t",
    "pk < sk",
]
FAIL = [
    "n = :9",
    "n = :wheel",
    "t = :10",
    "n > :wheel",
    "absent = :a",
    "absent = :null",
    "absent < :a",
    "n BETWEEN :100 AND :100",
    "n IN (:9, :wheel)",
    "attribute_exists(absent)",
    "attribute_exists(t.x)",
    "attribute_exists(t[0])",
    "attribute_not_exists(t)",
    "attribute_type(t, :N)",
    "attribute_type(absent, :S)",
    "begins_with(t, :ee)",
    "begins_with(absent, :wh)",
    "begins_with(n, :wh)",
    "contains(t, :c)",
    "contains(ss, :c)",
    "contains(n, :one)",
    "contains(ss, :one)",
    "size(t) = :two",
    "size(absent) = :zero",
    "size(n) = :two",
    "NOT t = :wheel",
    "#l = :list",
]
INVALID = [
    "n =",
    "n = :10 AND",
    "= :10",
    "n == :10",
    "n = :unknown",
    "#unknown = :10",
    "(n = :10",
    "n = :10)",
    "nosuch(n)",
    "attribute_exists(:10)",
    "attribute_exists(n, t)",
    "begins_with(t)",
    "n",
    "n BETWEEN :9",
    "n IN ()",
    "n = :10 n = :10",
    "size(n)",
    "n @ :10",
    "((n = :10))",
    "(n = :10 AND (( t = :wheel )))",
]
UNCHECKED = "it does not check the grammar of conditions"
MOTO_DIFFERS = {
    "begins_with(b, :bytes)": "only texts begin with others",
    "n > :wheel": "other types compare",
    "size(n) = :two": "a number has a size",
    "absent = :null": "what is absent equals NULL",
    "size(absent) = :zero": "what is absent has the size 0",
}


def used(expression: str, values=VALUES) -> dict:
    """Return the parts of a request that an expression needs."""
    words = expression.replace("(", " ").replace(")", " ").replace(",", " ").replace(".", " . ")
    names = {f"#{name}": name for name in ("m", "l") if f"#{name}" in expression}
    given = {name: value for name, value in values.items() if name in words.split()}
    request = {"ConditionExpression": expression}
    if names:
        request["ExpressionAttributeNames"] = names
    if given:
        request["ExpressionAttributeValues"] = given
    return request


@pytest.mark.parametrize("expression", differing(HOLD, {c: w for c, w in MOTO_DIFFERS.items() if c in HOLD}))
def test_holds(table, expression):
    table.put("p", "s", **ITEM)
    assert table.ask("DeleteItem", Key=key("p", "s"), **used(expression)) == {}
    assert table.get("p", "s") is None


@pytest.mark.parametrize("expression", differing(FAIL, {c: w for c, w in MOTO_DIFFERS.items() if c in FAIL}))
def test_does_not_hold(table, expression):
    stored = table.put("p", "s", **ITEM)
    assert table.code("PutItem", Item=key("p", "s"), **used(expression)) == "ConditionalCheckFailedException"
    assert table.get("p", "s") == stored


@pytest.mark.parametrize(
    "expression", differing(INVALID, dict.fromkeys([c for c in INVALID if "((" not in c and "(( " not in c], UNCHECKED))
)
def test_is_refused(table, expression):
    table.put("p", "s", **ITEM)
    assert table.code("DeleteItem", Key=key("p", "s"), **used(expression)) == "ValidationException"


@pytest.mark.parametrize(
    "request_part",
    [
        pytest.param(
            {"ExpressionAttributeValues": {":10": {"N": "10"}, ":unused": {"N": "1"}}},
            marks=pytest.mark.moto_differs("it does not count values"),
        ),
        {"ExpressionAttributeValues": {":10": {"N": "10"}}, "ExpressionAttributeNames": {"#unused": "x"}},
    ],
    ids=["value", "name"],
)
def test_an_unused_placeholder_is_refused(table, request_part):
    code = table.code("DeleteItem", Key=key("p", "s"), ConditionExpression="n = :10", **request_part)
    assert code == "ValidationException"


def test_an_item_that_is_absent_has_no_attributes(table):
    table.ask("PutItem", Item=key("p", "s"), ConditionExpression="attribute_not_exists(pk)")
    refused = table.code("PutItem", Item=key("p", "s"), ConditionExpression="attribute_not_exists(pk)")
    assert refused == "ConditionalCheckFailedException"


def test_deep_nesting_of_and_and_or_is_read(table):
    table.put("p", "s", **ITEM)
    table.ask("DeleteItem", Key=key("p", "s"), **used(" OR ".join(["(n = :9)"] * 40 + ["(NOT (NOT (n = :10)))"])))
    assert table.get("p", "s") is None


def test_the_failing_item_is_handed_back_on_request(table):
    """PynamoDB keeps only the code; the item is in the service's own error, which is the cause."""
    stored = table.put("p", "s", n={"N": "1"}, b={"B": b"x"})
    refusal = table.refusal(
        "DeleteItem",
        Key=key("p", "s"),
        ConditionExpression="attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    assert refusal.__cause__.response["Item"] == stored
