"""What DynamoDB promises about tables: creating, describing, their expiry."""

from tests.unit.tables.conftest import SCHEMA, key


def test_a_table_is_described(table):
    found = table.ask("DescribeTable")["Table"]
    assert found["TableName"] == table.name
    assert found["TableStatus"] == "ACTIVE"
    assert found["KeySchema"] == SCHEMA["KeySchema"]
    assert [index["IndexName"] for index in found["GlobalSecondaryIndexes"]] == ["lookup"]


def test_a_table_is_created_once(table):
    table.put("p", "s")
    assert table.code("CreateTable", **SCHEMA) == "ResourceInUseException"
    assert table.get("p", "s")


def test_a_table_is_deleted_with_its_items(table):
    table.put("p", "s")
    table.ask("DeleteTable")
    assert table.code("GetItem", Key=key("p", "s")) == "ResourceNotFoundException"
    table.ask("CreateTable", **SCHEMA)
    assert table.get("p", "s") is None


def test_an_absent_table_is_not_described(table):
    assert table.code("DescribeTable", TableName="no-such-table") == "ResourceNotFoundException"
    assert table.code("DeleteTable", TableName="no-such-table") == "ResourceNotFoundException"


def test_expiry_is_switched_on_and_described(table):
    assert table.ask("DescribeTimeToLive") == {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    specification = {"Enabled": True, "AttributeName": "expires"}
    answer = table.ask("UpdateTimeToLive", TimeToLiveSpecification=specification)
    assert answer == {"TimeToLiveSpecification": specification}
    described = table.ask("DescribeTimeToLive")["TimeToLiveDescription"]
    assert described["TimeToLiveStatus"] in ("ENABLED", "ENABLING")
    assert described["AttributeName"] == "expires"


def test_items_of_two_tables_are_apart(table):
    table.put("p", "s", n={"N": "1"})
    other = f"{table.name}-other"
    table.ask("CreateTable", TableName=other, **SCHEMA)
    table.ask("PutItem", TableName=other, Item={**key("p", "s"), "n": {"N": "2"}})
    assert table.get("p", "s")["n"] == {"N": "1"}
    table.ask("DeleteTable", TableName=other)
