"""What DynamoDB promises about update expressions."""

import pytest

from tests.unit.tables.conftest import differing, key

ITEM = {
    "n": {"N": "10"},
    "t": {"S": "old"},
    "l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]},
    "m": {"M": {"x": {"N": "1"}}},
    "ss": {"SS": ["a", "b"]},
    "ns": {"NS": ["1"]},
}
VALUES = {
    ":1": {"N": "1"},
    ":half": {"N": "0.5"},
    ":new": {"S": "new"},
    ":other": {"S": "other"},
    ":list": {"L": [{"S": "d"}]},
    ":a": {"SS": ["a"]},
    ":ab": {"SS": ["a", "b"]},
    ":bc": {"SS": ["b", "c"]},
    ":two": {"NS": ["2"]},
    ":map": {"M": {"in": {"S": "x"}}},
}

CHANGES = {
    "SET t = :new": {"t": {"S": "new"}},
    "set t = :new": {"t": {"S": "new"}},
    "SET q = :new, t = :other": {"q": {"S": "new"}, "t": {"S": "other"}},
    "SET q = t, t = :new": {"q": {"S": "old"}, "t": {"S": "new"}},
    "SET n = n + :1": {"n": {"N": "11"}},
    "SET n = n - :half": {"n": {"N": "9.5"}},
    "SET n = :1 + :half": {"n": {"N": "1.5"}},
    "SET q = if_not_exists(q, :new)": {"q": {"S": "new"}},
    "SET t = if_not_exists(t, :new)": {},
    "SET q = if_not_exists(t, :new)": {"q": {"S": "old"}},
    "SET q = if_not_exists(q, :1) + :1": {"q": {"N": "2"}},
    "SET #l = list_append(#l, :list)": {"l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}, {"S": "d"}]}},
    "SET #l = list_append(:list, #l)": {"l": {"L": [{"S": "d"}, {"S": "a"}, {"S": "b"}, {"S": "c"}]}},
    "SET q = list_append(if_not_exists(q, :list), :list)": {"q": {"L": [{"S": "d"}, {"S": "d"}]}},
    "SET #l[1] = :new": {"l": {"L": [{"S": "a"}, {"S": "new"}, {"S": "c"}]}},
    "SET #l[9] = :new": {"l": {"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}, {"S": "new"}]}},
    "SET #m.y = :new": {"m": {"M": {"x": {"N": "1"}, "y": {"S": "new"}}}},
    "SET #m.x = #m.x + :1": {"m": {"M": {"x": {"N": "2"}}}},
    "SET q = :map": {"q": {"M": {"in": {"S": "x"}}}},
    "REMOVE t": {"t": None},
    "REMOVE t, absent": {"t": None},
    "REMOVE #l[0]": {"l": {"L": [{"S": "b"}, {"S": "c"}]}},
    "REMOVE #l[0], #l[2]": {"l": {"L": [{"S": "b"}]}},
    "REMOVE #l[9]": {},
    "REMOVE #m.x": {"m": {"M": {}}},
    "ADD n :1": {"n": {"N": "11"}},
    "ADD q :1": {"q": {"N": "1"}},
    "ADD ss :bc": {"ss": {"SS": ["a", "b", "c"]}},
    "ADD q :a": {"q": {"SS": ["a"]}},
    "ADD ns :two": {"ns": {"NS": ["1", "2"]}},
    "DELETE ss :bc": {"ss": {"SS": ["a"]}},
    "DELETE ss :ab": {"ss": None},
    "DELETE absent :a": {},
    "SET t = :new REMOVE n ADD q :1 DELETE ss :a": {
        "t": {"S": "new"},
        "n": None,
        "q": {"N": "1"},
        "ss": {"SS": ["b"]},
    },
    "ADD n :1, #v :1": {"n": {"N": "11"}, "v:1.0+x": {"N": "1"}},
    "REMOVE n SET q = n": {"n": None, "q": {"N": "10"}},
}
INVALID = [
    "SET pk = :new",
    "REMOVE sk",
    "SET t = :new, t = :other",
    "SET #m = :map, #m.x = :1",
    "SET t = :new SET n = :1",
    "SET t :new",
    "SET q = absent",
    "SET t = t + :1",
    "SET q = absent + :1",
    "SET absent.x = :1",
    "SET t.x = :1",
    "SET n[0] = :1",
    "REMOVE absent.x",
    "SET #l = list_append(#l, :1)",
    "ADD t :1",
    "ADD n :new",
    "ADD n :a",
    "DELETE ss :1",
    "DELETE ss :two",
    "DELETE n :a",
    "SET q = :unknown",
    "SET lookup_pk = :1",
    "SET",
    "CHANGE t",
    "",
    "SET t = :new,",
    "ADD n n",
]
MOTO_DIFFERS = {
    "SET #m = :map, #m.x = :1": "paths may overlap",
    "SET t.x = :1": "a path may lead through a text",
}


def used(expression: str) -> dict:
    """Return the parts of a request that an expression needs."""
    words = expression.replace("(", " ").replace(")", " ").replace(",", " ").split()
    names = {f"#{name}": name for name in ("m", "l") if f"#{name}" in expression}
    if "#v" in expression:
        names["#v"] = "v:1.0+x"  # a name that would be a path if it stood in the expression itself
    given = {name: value for name, value in VALUES.items() if name in words}
    request = {"UpdateExpression": expression}
    if names:
        request["ExpressionAttributeNames"] = names
    if given:
        request["ExpressionAttributeValues"] = given
    return request


def plain(item):
    """Return an item with its sets in order: a set has none."""
    return {
        name: {kind: sorted(value) for kind, value in wrapped.items()} if wrapped.keys() & {"SS", "NS"} else wrapped
        for name, wrapped in item.items()
    }


@pytest.mark.parametrize("expression", differing(CHANGES, {c: w for c, w in MOTO_DIFFERS.items() if c in CHANGES}))
def test_changes_the_item(table, expression):
    table.put("p", "s", **ITEM)
    answer = table.ask("UpdateItem", Key=key("p", "s"), ReturnValues="ALL_NEW", **used(expression))
    expected = {name: value for name, value in {**ITEM, **CHANGES[expression]}.items() if value is not None}
    assert plain(answer["Attributes"]) == {**key("p", "s"), **expected}
    assert plain(table.get("p", "s")) == {**key("p", "s"), **expected}


@pytest.mark.parametrize("expression", differing(INVALID, {c: w for c, w in MOTO_DIFFERS.items() if c in INVALID}))
def test_is_refused_and_changes_nothing(table, expression):
    stored = table.put("p", "s", **ITEM)
    assert table.code("UpdateItem", Key=key("p", "s"), **used(expression)) == "ValidationException"
    assert plain(table.get("p", "s")) == stored


@pytest.mark.moto_differs("it fails without an expression")
def test_an_update_without_expression_makes_an_absent_item(table):
    try:
        table.ask("UpdateItem", Key=key("p", "s"))
    except AttributeError as error:
        pytest.fail(f"moto itself failed: {error}")
    assert table.get("p", "s") == key("p", "s")


def test_an_update_makes_an_absent_item(table):
    table.ask("UpdateItem", Key=key("p", "t"), **used("ADD n :1"))
    assert table.get("p", "t") == {**key("p", "t"), "n": {"N": "1"}}


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("NONE", None),
        ("ALL_OLD", {**key("p", "s"), "n": {"N": "1"}, "t": {"S": "x"}, "m": {"M": {"x": {"S": "1"}}}}),
        (
            "ALL_NEW",
            {**key("p", "s"), "n": {"N": "2"}, "q": {"S": "new"}, "m": {"M": {"x": {"S": "new"}}}},
        ),
        ("UPDATED_OLD", {"n": {"N": "1"}, "t": {"S": "x"}, "m": {"M": {"x": {"S": "1"}}}}),
        ("UPDATED_NEW", {"n": {"N": "2"}, "q": {"S": "new"}, "m": {"M": {"x": {"S": "new"}}}}),
    ],
)
def test_return_values(table, returned, expected):
    table.put("p", "s", n={"N": "1"}, t={"S": "x"}, m={"M": {"x": {"S": "1"}}})
    request = used("SET n = n + :1, q = :new, #m.x = :new REMOVE t")
    answer = table.ask("UpdateItem", Key=key("p", "s"), ReturnValues=returned, **request)
    assert answer == ({} if expected is None else {"Attributes": expected})


def test_updated_new_returns_only_the_path_that_was_updated(table):
    table.put("p", "s", m={"M": {"x": {"S": "1"}, "y": {"S": "2"}}})
    answer = table.ask("UpdateItem", Key=key("p", "s"), ReturnValues="UPDATED_NEW", **used("SET #m.x = :new"))
    assert answer == {"Attributes": {"m": {"M": {"x": {"S": "new"}}}}}


def test_a_failed_condition_leaves_the_item(table):
    stored = table.put("p", "s", **ITEM)
    request = used("SET t = :new")
    request["ConditionExpression"] = "attribute_not_exists(pk)"
    assert table.code("UpdateItem", Key=key("p", "s"), **request) == "ConditionalCheckFailedException"
    assert plain(table.get("p", "s")) == stored


def test_an_update_beyond_400_kilobytes_is_refused(table):
    table.put("p", "s", big={"S": "x" * 300_000})
    request = {"UpdateExpression": "SET more = :v", "ExpressionAttributeValues": {":v": {"S": "y" * 150_000}}}
    assert table.code("UpdateItem", Key=key("p", "s"), **request) == "ValidationException"


def test_the_38_digits_of_a_sum_are_exact(table):
    table.put("p", "s", n={"N": "12345678901234567890123456789012345677"})
    table.ask("UpdateItem", Key=key("p", "s"), **used("SET n = n + :1"))
    assert table.get("p", "s")["n"] == {"N": "12345678901234567890123456789012345678"}
