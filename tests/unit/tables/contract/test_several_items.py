"""What DynamoDB promises about transactions and batches."""

import pytest

from tests.unit.tables.conftest import key

ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}
PRESENT = {"ConditionExpression": "attribute_exists(pk)"}


@pytest.fixture
def write(table):
    """Send a transaction: ``write(("Put", {...}), ...)``."""

    def send(*actions, ask=None, **request):
        items = [{kind: {"TableName": table.name, **body}} for kind, body in actions]
        return (ask or table.ask)("TransactWriteItems", TransactItems=items, **request)

    return send


def put(pk, sk, **more):
    return ("Put", {"Item": {**key(pk, sk), **more.pop("item", {})}, **more})


def update(pk, sk, expression="ADD n :one", **more):
    values = {"ExpressionAttributeValues": {":one": {"N": "1"}}} if ":one" in expression else {}
    return ("Update", {"Key": key(pk, sk), "UpdateExpression": expression, **values, **more})


def delete(pk, sk, **more):
    return ("Delete", {"Key": key(pk, sk), **more})


def check(pk, sk, **more):
    return ("ConditionCheck", {"Key": key(pk, sk), **more})


def test_a_transaction_writes_everything(table, write):
    table.put("p", "gone")
    table.put("p", "there")
    assert write(check("p", "there", **PRESENT), delete("p", "gone"), put("p", "new"), update("q", "count")) == {}
    assert table.get("p", "gone") is None
    assert table.get("p", "new") == key("p", "new")
    assert table.get("q", "count") == {**key("q", "count"), "n": {"N": "1"}}


def codes(refusal):
    return [reason.code if reason else None for reason in refusal.cancellation_reasons]


@pytest.mark.parametrize("failing", range(4))
def test_one_failed_condition_undoes_everything(table, write, failing):
    table.put("p", "there")
    wanted = [PRESENT, PRESENT, ABSENT, ABSENT]
    wanted[failing] = ABSENT if wanted[failing] is PRESENT else PRESENT
    table.put("p", "deleted")
    actions = [
        check("p", "there", **wanted[0]),
        delete("p", "deleted", **wanted[1]),
        put("p", "new", **wanted[2]),
        update("p", "count", **wanted[3]),
    ]
    refusal = write(*actions, ask=table.refusal)
    assert refusal.response["Error"]["Code"] == "TransactionCanceledException"
    assert codes(refusal) == ["ConditionalCheckFailed" if n == failing else None for n in range(4)]
    assert table.get("p", "deleted") == key("p", "deleted")
    assert table.get("p", "new") is None
    assert table.get("p", "count") is None


def test_every_failed_condition_is_named_and_shows_its_item_on_request(table, write):
    stored = table.put("p", "a", b={"B": b"bytes"})
    asked = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    refusal = write(
        put("p", "a", **ABSENT, **asked),
        put("p", "b", **ABSENT),
        put("p", "c", **PRESENT, **asked),
        ask=table.refusal,
    )
    assert codes(refusal) == ["ConditionalCheckFailed", None, "ConditionalCheckFailed"]
    assert refusal.cancellation_reasons[0].raw_item == stored
    assert refusal.cancellation_reasons[2].raw_item is None


def test_a_check_without_its_item_sees_no_attributes(table, write):
    write(check("p", "none", **ABSENT), put("p", "new"))
    assert table.get("p", "new") == key("p", "new")


def test_two_actions_on_one_item_are_refused(table, write):
    refusal = write(put("p", "a"), update("p", "a"), ask=table.refusal)
    assert refusal.response["Error"]["Code"] == "ValidationException"
    assert table.get("p", "a") is None


def test_a_hundred_actions_are_taken_and_one_more_is_not(table, write):
    write(*[put("p", f"{n}") for n in range(100)])
    assert write(*[put("q", f"{n}") for n in range(101)], ask=table.code) == "ValidationException"
    assert table.get("p", "99") == key("p", "99")
    assert table.get("q", "0") is None


@pytest.mark.moto_differs("it takes an empty transaction")
def test_an_empty_transaction_is_refused(table, write):
    assert write(ask=table.code) == "ValidationException"


@pytest.mark.moto_differs("it answers with a plain error")
def test_an_update_that_cannot_be_applied_cancels(table, write):
    table.put("p", "text", n={"S": "text"})
    refusal = write(put("p", "new"), update("p", "text"), ask=table.refusal)
    assert refusal.response["Error"]["Code"] == "TransactionCanceledException"
    assert codes(refusal) == [None, "ValidationError"]
    assert table.get("p", "new") is None


def test_an_invalid_item_changes_nothing(table, write):
    code = write(put("p", "new"), put("p", ""), ask=table.code)
    assert code == "ValidationException"
    assert table.get("p", "new") is None


@pytest.mark.moto_differs("it does not know the token")
def test_a_request_token_makes_a_repeat_harmless(table, write):
    write(update("p", "count"), ClientRequestToken="once")
    assert write(update("p", "count"), ClientRequestToken="once") == {}
    assert table.get("p", "count")["n"] == {"N": "1"}
    again = write(update("p", "other"), ClientRequestToken="once", ask=table.code)
    assert again == "IdempotentParameterMismatchException"


@pytest.mark.moto_differs("it ignores projections here")
def test_a_transaction_reads_several_items(table):
    stored = table.put("p", "a", n={"N": "1"}, m={"N": "2"})
    gets = [
        {"Get": {"TableName": table.name, "Key": key("p", "a")}},
        {"Get": {"TableName": table.name, "Key": key("p", "none")}},
        {"Get": {"TableName": table.name, "Key": key("p", "a2"), "ProjectionExpression": "n"}},
    ]
    table.put("p", "a2", n={"N": "1"}, m={"N": "2"})
    answer = table.ask("TransactGetItems", TransactItems=gets)
    assert answer == {"Responses": [{"Item": stored}, {}, {"Item": {"n": {"N": "1"}}}]}


def test_a_batch_reads_what_there_is(table):
    for n in range(3):
        table.put("p", f"{n}", n={"N": f"{n}"})
    wanted = {"Keys": [key("p", f"{n}") for n in range(5)], "ConsistentRead": True}
    answer = table.ask("BatchGetItem", RequestItems={table.name: wanted})
    found = answer["Responses"][table.name]
    assert sorted(item["sk"]["S"] for item in found) == ["0", "1", "2"]
    assert answer["UnprocessedKeys"] == {}
    answer = table.ask("BatchGetItem", RequestItems={table.name: {**wanted, "ProjectionExpression": "n"}})
    assert sorted(item["n"]["N"] for item in answer["Responses"][table.name]) == ["0", "1", "2"]
    assert all(set(item) == {"n"} for item in answer["Responses"][table.name])


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([], marks=pytest.mark.moto_differs("it reads nothing")),
        [key("p", f"{n}") for n in range(101)],
        [key("p", "a"), key("p", "a")],
    ],
    ids=["of nothing", "of more than 100 keys", "of one key twice"],
)
def test_a_batch_of_reads_is_refused(table, keys):
    assert table.code("BatchGetItem", RequestItems={table.name: {"Keys": keys}}) == "ValidationException"


def test_a_batch_writes_and_deletes(table):
    table.put("p", "old")
    requests = [{"DeleteRequest": {"Key": key("p", "old")}}, {"PutRequest": {"Item": key("p", "new")}}]
    assert table.ask("BatchWriteItem", RequestItems={table.name: requests}) == {"UnprocessedItems": {}}
    assert table.get("p", "old") is None
    assert table.get("p", "new") == key("p", "new")


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([], marks=pytest.mark.moto_differs("it writes nothing")),
        pytest.param(
            [key("p", f"{n}") for n in range(26)], marks=pytest.mark.moto_differs("it says so in another way")
        ),
        [key("p", "a"), key("p", "a")],
    ],
    ids=["of nothing", "of more than 25 items", "of one item twice"],
)
def test_a_batch_of_writes_is_refused_whole(table, keys):
    requests = [{"PutRequest": {"Item": item}} for item in keys]
    assert table.code("BatchWriteItem", RequestItems={table.name: requests}) == "ValidationException"
    assert table.get("p", "a") is None


def test_a_batch_with_one_invalid_item_writes_nothing(table):
    requests = [{"PutRequest": {"Item": item}} for item in (key("p", "a"), key("", "a"))]
    assert table.code("BatchWriteItem", RequestItems={table.name: requests}) == "ValidationException"
    assert table.get("p", "a") is None


def test_a_batch_may_hold_the_same_sort_key_of_two_partitions(table):
    requests = [{"PutRequest": {"Item": item}} for item in (key("p", "a"), key("q", "a"))]
    table.ask("BatchWriteItem", RequestItems={table.name: requests})
    assert table.get("p", "a")
    assert table.get("q", "a")
