"""What DynamoDB promises about one item: reading, putting, deleting it."""

import pytest

from tests.unit.tables.conftest import key

EVERY_TYPE = {
    "text": {"S": "häß\x00lich 🐍"},
    "empty": {"S": ""},
    "number": {"N": "-12.5"},
    "bytes": {"B": b"\x00\xff"},
    "no_bytes": {"B": b""},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "list": {"L": [{"S": "a"}, {"N": "1"}, {"L": []}, {"B": b"x"}]},
    "map": {"M": {"N": {"N": "1"}, "a.b": {"M": {}}}},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "blobs": {"BS": [b"\x01", b"\x02"]},
}


def test_an_item_of_every_type_comes_back_as_it_was_put(table):
    stored = table.put("p", "s", **EVERY_TYPE)
    assert table.get("p", "s") == stored


def test_a_map_may_name_its_members_as_types(table):
    stored = table.put("p", "s", map={"M": {"B": {"B": b"in"}, "S": {"BS": [b"x"]}, "L": {"S": "y"}}})
    assert table.get("p", "s") == stored


def test_an_absent_item_is_no_item(table):
    assert table.ask("GetItem", Key=key("p", "s")) == {}


def test_a_put_replaces_the_whole_item(table):
    table.put("p", "s", old={"S": "1"}, both={"S": "1"})
    table.put("p", "s", both={"S": "2"})
    assert table.get("p", "s") == {**key("p", "s"), "both": {"S": "2"}}


@pytest.mark.parametrize("operation", ["PutItem", "DeleteItem"])
def test_all_old_returns_what_was_there(table, operation):
    target = {"Item": key("p", "s")} if operation == "PutItem" else {"Key": key("p", "s")}
    assert table.ask(operation, **target, ReturnValues="ALL_OLD") == {}
    stored = table.put("p", "s", n={"N": "1"})
    assert table.ask(operation, **target, ReturnValues="ALL_OLD") == {"Attributes": stored}


def test_deleting_an_absent_item_succeeds(table):
    assert table.ask("DeleteItem", Key=key("p", "s")) == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("1.0", "1"), ("007", "7"), ("1E3", "1000"), ("-0", "0"), ("0.10", "0.1"), ("1e-3", "0.001"), ("+5", "5")],
)
@pytest.mark.moto_differs("it keeps numbers as they were written")
def test_numbers_are_kept_in_their_plain_form(table, given, kept):
    table.put("p", "s", n={"N": given})
    assert table.get("p", "s")["n"] == {"N": kept}


@pytest.mark.parametrize(
    "number",
    [
        *(pytest.param(n, marks=pytest.mark.moto_differs("any digits will do")) for n in ("1" * 39, "1E126", "1_000")),
        *("1E-131", "abc", "", "NaN", "Infinity", " 1"),
    ],
)
def test_a_number_out_of_range_is_refused(table, number):
    assert table.code("PutItem", Item={**key("p", "s"), "n": {"N": number}}) == "ValidationException"


def test_38_digits_are_kept(table):
    digits = {"N": "12345678901234567890123456789012345678"}
    table.put("p", "s", n=digits)
    assert table.get("p", "s")["n"] == digits


@pytest.mark.parametrize(
    "sets",
    [{"SS": []}, {"NS": []}, pytest.param({"BS": []}, marks=pytest.mark.moto_differs("it takes it"))],
    ids=str,
)
def test_an_empty_set_is_refused(table, sets):
    assert table.code("PutItem", Item={**key("p", "s"), "set": sets}) == "ValidationException"


@pytest.mark.parametrize("sets", [{"SS": ["a", "a"]}, {"NS": ["1", "1.0"]}, {"BS": [b"a", b"a"]}], ids=str)
@pytest.mark.moto_differs("it takes sets with duplicates")
def test_a_set_with_duplicates_is_refused(table, sets):
    assert table.code("PutItem", Item={**key("p", "s"), "set": sets}) == "ValidationException"


@pytest.mark.parametrize(
    "item",
    [
        {"pk": {"S": "p"}},
        {"pk": {"S": ""}, "sk": {"S": "s"}},
        {"pk": {"S": "p"}, "sk": {"S": ""}},
        {"pk": {"N": "1"}, "sk": {"S": "s"}},
        pytest.param(
            {**key("p", "s"), "lookup_pk": {"N": "1"}}, marks=pytest.mark.moto_differs("it wants both keys first")
        ),
        {**key("p", "s"), "lookup_pk": {"S": ""}, "lookup_sk": {"S": "x"}},
        {**key("p" * 2049, "s")},
        {**key("p", "s" * 1025)},
    ],
    ids=[
        "without its sort key",
        "with an empty partition key",
        "with an empty sort key",
        "with a number as a text key",
        "with a number as an index key",
        "with an empty index key",
        "with a partition key beyond 2048 bytes",
        "with a sort key beyond 1024 bytes",
    ],
)
def test_an_item_is_refused(table, item):
    assert table.code("PutItem", Item=item) == "ValidationException"


@pytest.mark.parametrize(
    "wanted",
    [{"pk": {"S": "p"}}, {**key("p", "s"), "more": {"S": "x"}}],
    ids=["too few", "too many"],
)
@pytest.mark.parametrize("operation", ["GetItem", "DeleteItem"])
def test_a_key_that_is_not_the_tables_is_refused(table, operation, wanted):
    assert table.code(operation, Key=wanted) == "ValidationException"


@pytest.mark.moto_differs("its limit is 405,000 bytes")
def test_an_item_of_400_kilobytes_fits_and_one_byte_more_does_not(table):
    room = 400 * 1024 - len("pkpskstext")
    table.put("p", "s", text={"S": "x" * room})
    assert table.code("PutItem", Item={**key("p", "s"), "text": {"S": "x" * (room + 1)}}) == "ValidationException"
    assert table.code("PutItem", Item={**key("p", "s"), "text": {"S": "é" * (room // 2 + 1)}}) == "ValidationException"


def test_an_item_far_too_large_is_refused(table):
    assert table.code("PutItem", Item={**key("p", "s"), "b": {"B": b"x" * 420_000}}) == "ValidationException"


@pytest.mark.parametrize(
    ("projection", "expected"),
    [
        ("a", {"a": {"S": "1"}}),
        ("pk, #m.x", {"pk": {"S": "p"}, "m": {"M": {"x": {"S": "2"}}}}),
        ("#m.x, #m.y.z", {"m": {"M": {"x": {"S": "2"}, "y": {"M": {"z": {"S": "3"}}}}}}),
        ("l[1]", {"l": {"L": [{"N": "1"}]}}),
        pytest.param(
            "l[2], l[0]", {"l": {"L": [{"N": "0"}, {"N": "2"}]}}, marks=pytest.mark.moto_differs("it drops members")
        ),
        ("l[7], nothing, a.b", {}),
        ("#dots", {"a.b": {"S": "dotted"}}),
    ],
)
def test_a_projection_picks(table, projection, expected):
    nested = {"M": {"x": {"S": "2"}, "y": {"M": {"z": {"S": "3"}, "w": {"S": "4"}}}}}
    numbers = {"L": [{"N": str(n)} for n in range(3)]}
    table.put("p", "s", a={"S": "1"}, m=nested, l=numbers, **{"a.b": {"S": "dotted"}})
    names = {name: meant for name, meant in {"#m": "m", "#dots": "a.b"}.items() if name in projection}
    request = {"ExpressionAttributeNames": names} if names else {}
    answer = table.ask("GetItem", Key=key("p", "s"), ProjectionExpression=projection, **request)
    assert answer.get("Item", {}) == expected


@pytest.mark.parametrize("wanted", [{"pk": {"S": "p"}, "sk": {"N": "1"}}, key("", "s")], ids=["number", "empty"])
@pytest.mark.moto_differs("it looks for it in vain")
def test_a_key_to_delete_that_cannot_be_is_refused(table, wanted):
    assert table.code("DeleteItem", Key=wanted) == "ValidationException"


def test_a_table_that_does_not_exist_is_said_so(table):
    refusal = table.refusal("GetItem", TableName="no-such-table", Key=key("p", "s"))
    assert refusal.response["Error"]["Code"] == "ResourceNotFoundException"
