"""What DynamoDB promises about Query and Scan: order, ranges, filters, pages, the index."""

import itertools

import pytest

from tests.unit.tables.conftest import key

SORTED = ["A", "F#a", "F#b", "F#b#", "F#ü", "F#\uffff", "F#🐍", "G"]
"""In the order of their UTF-8 bytes; U+FFFF would come after U+1F40D if UTF-16 decided."""


def pages(table, operation="Query", **request):
    """Yield every page of a query."""
    while True:
        answer = table.ask(operation, **request)
        yield answer
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def partition(pk="p", **values):
    return {
        "KeyConditionExpression": "pk = :pk" + "".join(f" AND {more}" for more in values.pop("and_", [])),
        "ExpressionAttributeValues": {":pk": {"S": pk}, **{f":{name}": {"S": v} for name, v in values.items()}},
    }


@pytest.fixture
def sorted_table(table):
    for sk in reversed(SORTED):
        table.put("p", sk)
    table.put("other", "F#a")
    return table


def test_items_come_in_the_order_of_their_bytes(sorted_table):
    assert sorted_table.keys(**partition()) == SORTED
    assert sorted_table.keys(**partition(), ScanIndexForward=False) == SORTED[::-1]


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        ("sk = :a", {"a": "F#a"}, ["F#a"]),
        ("sk < :a", {"a": "F#b"}, ["A", "F#a"]),
        ("sk <= :a", {"a": "F#b"}, ["A", "F#a", "F#b"]),
        ("sk > :a", {"a": "F#b"}, ["F#b#", "F#ü", "F#\uffff", "F#🐍", "G"]),
        ("sk >= :a", {"a": "F#🐍"}, ["F#🐍", "G"]),
        ("sk BETWEEN :a AND :b", {"a": "F#a", "b": "F#b#"}, ["F#a", "F#b", "F#b#"]),
        ("begins_with(sk, :a)", {"a": "F#"}, SORTED[1:-1]),
        ("begins_with(sk, :a)", {"a": "F#b"}, ["F#b", "F#b#"]),
        ("begins_with(sk, :a)", {"a": "Z"}, []),
    ],
)
def test_a_range_of_the_sort_key(sorted_table, condition, values, expected):
    found = sorted_table.keys(**partition(and_=[condition], **values))
    assert found == expected


def test_the_conditions_may_stand_in_any_order_and_in_parentheses(sorted_table):
    values = {":pk": {"S": "p"}, ":a": {"S": "G"}}
    for expression in ("sk = :a AND pk = :pk", "(pk = :pk) AND (sk = :a)", "#p = :pk AND sk = :a"):
        names = {"ExpressionAttributeNames": {"#p": "pk"}} if "#p" in expression else {}
        answer = sorted_table.keys(KeyConditionExpression=expression, ExpressionAttributeValues=values, **names)
        assert answer == ["G"]


def unchecked(request_part):
    return pytest.param(request_part, marks=pytest.mark.moto_differs("it checks key conditions less"))


@pytest.mark.parametrize(
    "request_part",
    [
        {"KeyConditionExpression": "sk = :pk"},
        {"KeyConditionExpression": "pk > :pk"},
        {"KeyConditionExpression": "begins_with(pk, :pk)"},
        unchecked({"KeyConditionExpression": "pk = :pk OR sk = :pk"}),
        {"KeyConditionExpression": "pk = :pk AND other = :pk"},
        unchecked({"KeyConditionExpression": "pk = :pk AND sk = :pk AND sk = :pk"}),
        unchecked({"KeyConditionExpression": "pk = :pk AND sk <> :pk"}),
        {"KeyConditionExpression": "pk = :pk", "IndexName": "lookup"},
        unchecked({"KeyConditionExpression": "pk = :pk", "IndexName": "nosuch"}),
        unchecked({"KeyConditionExpression": "pk = :pk", "Limit": 0}),
        unchecked({"KeyConditionExpression": "pk = :pk", "FilterExpression": "sk = :pk"}),
        unchecked({"KeyConditionExpression": "pk = :pk", "ExclusiveStartKey": {"pk": {"S": "p"}}}),
        unchecked({"KeyConditionExpression": "pk = :pk", "ExclusiveStartKey": key("another", "s")}),
        {"KeyConditionExpression": "lookup_pk = :pk", "IndexName": "lookup", "ConsistentRead": True},
    ],
    ids=str,
)
def test_a_query_is_refused(table, request_part):
    code = table.code("Query", **{"ExpressionAttributeValues": {":pk": {"S": "p"}}, **request_part})
    assert code == "ValidationException"


@pytest.mark.parametrize("limit", [1, 3, 7, 8, 9])
@pytest.mark.parametrize("forward", [True, False])
def test_pages_join_to_the_whole(table, limit, forward):
    for n in range(8):
        table.put("p", f"{n}")
    found = list(pages(table, **partition(), Limit=limit, ScanIndexForward=forward))
    keys = [item["sk"]["S"] for page in found for item in page["Items"]]
    assert keys == [f"{n}" for n in (range(8) if forward else reversed(range(8)))]
    assert all(page["Count"] == page["ScannedCount"] == len(page["Items"]) <= limit for page in found)


@pytest.mark.moto_differs("it looks ahead")
def test_a_full_last_page_still_points_onward(table):
    table.put("p", "1")
    answer = table.ask("Query", **partition(), Limit=1)
    assert answer["LastEvaluatedKey"] == key("p", "1")
    assert table.ask("Query", **partition(), ExclusiveStartKey=answer["LastEvaluatedKey"])["Items"] == []


def test_a_start_key_need_not_exist(table):
    for sk in "acd":
        table.put("p", sk)
    assert table.keys(**partition(), ExclusiveStartKey=key("p", "b")) == ["c", "d"]
    assert table.keys(**partition(), ExclusiveStartKey=key("p", "b"), ScanIndexForward=False) == ["a"]


def test_a_filter_is_applied_after_the_limit(table):
    for n in range(6):
        table.put("p", f"{n}", even={"BOOL": n % 2 == 0})
    request = partition()
    request["ExpressionAttributeValues"][":yes"] = {"BOOL": True}
    answer = table.ask("Query", **request, FilterExpression="even = :yes", Limit=3)
    assert [item["sk"]["S"] for item in answer["Items"]] == ["0", "2"]
    assert (answer["Count"], answer["ScannedCount"], answer["LastEvaluatedKey"]) == (2, 3, key("p", "2"))


def test_count_returns_no_items(table):
    for n in range(3):
        table.put("p", f"{n}")
    assert table.ask("Query", **partition(), Select="COUNT") == {"Count": 3, "ScannedCount": 3}


@pytest.mark.moto_differs("it ends a page before the item that passes the megabyte")
def test_a_page_ends_after_one_megabyte(table):
    for n in range(5):
        table.put("p", f"{n}", text={"S": "x" * 300_000})
    sizes = [len(page["Items"]) for page in pages(table, **partition())]
    assert sizes == [4, 1]


def test_large_pages_join_to_the_whole_with_a_filter_and_on_the_index(table):
    for n in range(7):
        table.put("p", f"{n}", text={"S": "x" * 300_000}, lookup_pk={"S": "l"}, lookup_sk={"S": f"{n}"})
    request = partition("l")
    request["KeyConditionExpression"] = "lookup_pk = :pk"
    request["ExpressionAttributeValues"][":end"] = {"S": "3"}
    filtered = list(pages(table, **request, IndexName="lookup", FilterExpression="sk > :end"))
    assert [item["sk"]["S"] for page in filtered for item in page["Items"]] == ["4", "5", "6"]
    assert len(filtered) > 1
    assert sum(page["ScannedCount"] for page in filtered) == 7


class TestIndex:
    """The secondary index."""

    @pytest.fixture
    def indexed(self, table):
        for n in range(4):
            table.put("p", f"{n}", lookup_pk={"S": "digest"}, lookup_sk={"S": f"x{n // 2}"}, n={"N": str(n)})
        table.put("p", "sparse", lookup_pk={"S": "digest"})
        table.put("p", "none")
        return table

    REQUEST = {
        "IndexName": "lookup",
        "KeyConditionExpression": "lookup_pk = :d",
        "ExpressionAttributeValues": {":d": {"S": "digest"}},
    }

    def test_holds_the_items_that_have_both_keys_and_all_their_attributes(self, indexed):
        items = indexed.ask("Query", **self.REQUEST)["Items"]
        assert [item["n"]["N"] for item in sorted(items, key=lambda item: item["n"]["N"])] == ["0", "1", "2", "3"]
        assert [item["lookup_sk"]["S"] for item in items] == ["x0", "x0", "x1", "x1"]

    @pytest.mark.parametrize("forward", [True, False])
    @pytest.mark.parametrize("limit", [1, 2, 3])
    def test_pages_even_where_keys_of_the_index_are_equal(self, indexed, limit, forward):
        found = list(pages(indexed, **self.REQUEST, Limit=limit, ScanIndexForward=forward))
        assert sorted(item["n"]["N"] for page in found for item in page["Items"]) == ["0", "1", "2", "3"]
        assert set(found[0]["LastEvaluatedKey"]) == {"pk", "sk", "lookup_pk", "lookup_sk"}

    def test_follows_changes_of_the_item(self, indexed):
        value = {":new": {"S": "other"}}
        indexed.ask(
            "UpdateItem",
            Key=key("p", "0"),
            UpdateExpression="SET lookup_pk = :new",
            ExpressionAttributeValues=value,
        )
        indexed.ask("UpdateItem", Key=key("p", "1"), UpdateExpression="REMOVE lookup_sk")
        indexed.ask("DeleteItem", Key=key("p", "2"))
        indexed.put("p", "none", lookup_pk={"S": "digest"}, lookup_sk={"S": "x9"})
        assert indexed.keys(**self.REQUEST) == ["3", "none"]

    def test_takes_a_range_of_its_sort_key(self, indexed):
        values = {":d": {"S": "digest"}, ":x": {"S": "x1"}}
        request = {**self.REQUEST, "ExpressionAttributeValues": values}
        for condition, expected in {"= :x": ["2", "3"], "< :x": ["0", "1"]}.items():
            request["KeyConditionExpression"] = f"lookup_pk = :d AND lookup_sk {condition}"
            assert sorted(indexed.keys(**request)) == expected

    def test_is_scanned(self, indexed):
        assert indexed.ask("Scan", IndexName="lookup")["Count"] == 4


class TestScan:
    """The whole table."""

    @pytest.fixture
    def filled(self, table):
        for pk, sk in itertools.product("abc", "12"):
            table.put(pk, sk, same={"BOOL": pk == "a"})
        return table

    @pytest.mark.parametrize("limit", [1, 4, 6, 10])
    def test_pages_join_to_the_whole(self, filled, limit):
        found = [item for page in pages(filled, "Scan", Limit=limit) for item in page["Items"]]
        assert sorted((i["pk"]["S"], i["sk"]["S"]) for i in found) == list(itertools.product("abc", "12"))

    def test_filters_and_projects(self, filled):
        answer = filled.ask(
            "Scan",
            FilterExpression="same = :yes",
            ProjectionExpression="sk",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )
        assert sorted(item["sk"]["S"] for item in answer["Items"]) == ["1", "2"]
        assert all(set(item) == {"sk"} for item in answer["Items"])
        assert (answer["Count"], answer["ScannedCount"]) == (2, 6)
