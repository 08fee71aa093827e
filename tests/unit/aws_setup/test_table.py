"""The table gets what it misses; what it has stays."""

import pytest

from packages_app.aws_setup.entries import State
from packages_app.aws_setup.table import Table
from packages_app.tables.base import EMBEDDED_TABLE, meta_table

KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
LOOKUP = [{"AttributeName": "lookup_pk", "KeyType": "HASH"}, {"AttributeName": "lookup_sk", "KeyType": "RANGE"}]


def attributes(*names):
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


@pytest.fixture
def create(dynamodb, wanted):
    """Make the table by hand: ``create(KeySchema=…)``."""

    def made(**given):
        settings = {"KeySchema": KEYS, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": attributes("pk", "sk")}
        dynamodb.create_table(TableName=wanted.table, **{**settings, **given})

    return made


@pytest.fixture
def steps(dynamodb, wanted):
    def found(state=None):
        return [step for step in Table(dynamodb, wanted).steps() if state in (None, step.state)]

    return found


def apply(steps):
    for step in steps(State.MISSING):
        step.make()


def test_a_new_table_is_all_that_is_needed(dynamodb, wanted, steps):
    assert [step.state for step in steps()] == [State.MISSING] * 3
    apply(steps)
    assert {step.state for step in steps()} == {State.THERE}
    made = dynamodb.describe_table(TableName=wanted.table)["Table"]
    assert made["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert made["KeySchema"] == meta_table(EMBEDDED_TABLE).data["KeySchema"]


def test_the_app_s_own_table_lacks_only_recovery(dynamodb, wanted, steps, create):
    index = {"IndexName": "lookup", "KeySchema": LOOKUP, "Projection": {"ProjectionType": "ALL"}}
    create(
        AttributeDefinitions=attributes("pk", "sk", "lookup_pk", "lookup_sk"),
        GlobalSecondaryIndexes=[index],
    )
    dynamodb.update_time_to_live(
        TableName=wanted.table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )
    assert [step.sentence for step in steps(State.MISSING)] == ["recovery to any point in time"]
    apply(steps)
    assert steps(State.MISSING) == []


def test_an_index_that_is_not_there_is_added_and_the_items_stay(dynamodb, wanted, steps, create):
    create()
    dynamodb.put_item(TableName=wanted.table, Item={"pk": {"S": "a"}, "sk": {"S": "b"}})
    apply(steps)
    assert {step.state for step in steps()} == {State.THERE}
    assert dynamodb.scan(TableName=wanted.table)["Count"] == 1


def test_provisioned_capacity_and_tags_stay(dynamodb, wanted, steps, create):
    capacity = {"ReadCapacityUnits": 7, "WriteCapacityUnits": 3}
    index = {
        "IndexName": "lookup",
        "KeySchema": LOOKUP,
        "Projection": {"ProjectionType": "ALL"},
        "ProvisionedThroughput": capacity,
    }
    create(
        BillingMode="PROVISIONED",
        ProvisionedThroughput=capacity,
        AttributeDefinitions=attributes("pk", "sk", "lookup_pk", "lookup_sk"),
        GlobalSecondaryIndexes=[index],
        Tags=[{"Key": "owner", "Value": "ana"}],
    )
    assert [step.sentence.partition(",")[0] for step in steps(State.NOTE)] == ["its capacity is provisioned"]
    apply(steps)
    found = dynamodb.describe_table(TableName=wanted.table)["Table"]
    assert found["ProvisionedThroughput"]["ReadCapacityUnits"] == 7
    tags = dynamodb.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"]
    assert tags == [{"Key": "owner", "Value": "ana"}]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            {"KeySchema": KEYS[:1], "AttributeDefinitions": attributes("pk")},
            "its keys are not pk and sk",
            id="a table with other keys",
        ),
        pytest.param(
            {
                "AttributeDefinitions": attributes("pk", "sk", "lookup_pk"),
                "GlobalSecondaryIndexes": [
                    {"IndexName": "lookup", "KeySchema": LOOKUP[:1], "Projection": {"ProjectionType": "ALL"}}
                ],
            },
            "its index lookup has other keys",
            id="an index with other keys",
        ),
        pytest.param(
            {
                "BillingMode": "PROVISIONED",
                "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            },
            "it has no index lookup",
            id="a table with provisioned capacity and no index",
        ),
    ],
)
def test_what_only_a_person_can_decide_is_told_and_left_alone(create, steps, given, sentence):
    create(**given)
    (found,) = steps(State.OTHERWISE)
    assert found.sentence.startswith(sentence)
    assert found.make is None


def test_expiry_by_another_attribute_is_left_alone(dynamodb, wanted, steps, create):
    create()
    other = {"Enabled": True, "AttributeName": "until"}
    dynamodb.update_time_to_live(TableName=wanted.table, TimeToLiveSpecification=other)
    assert "another attribute" in steps(State.OTHERWISE)[0].sentence
    apply(steps)
    described = dynamodb.describe_time_to_live(TableName=wanted.table)["TimeToLiveDescription"]
    assert described["AttributeName"] == "until"
