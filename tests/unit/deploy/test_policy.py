"""The function's role may do what its code calls on its own table, bucket and logs, and nothing more."""

import json

import pytest

from deploy import from_shell
from tests.functional.actions import allows, needed

TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/packages"


@pytest.fixture
def statements(monkeypatch):
    monkeypatch.setenv("PYPI_TABLE", "packages")
    monkeypatch.setenv("PYPI_BUCKET", "ours")
    return json.loads(from_shell.policy(function="elastic-pypi-dev", prefix="/team/"))["Statement"]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        pytest.param("dynamodb:Scan", TABLE, id="scan the table"),
        pytest.param("dynamodb:DeleteTable", TABLE, id="delete the table"),
        pytest.param("dynamodb:GetItem", TABLE + "-of-others", id="read another table"),
        pytest.param("s3:DeleteBucket", "arn:aws:s3:::ours", id="delete the bucket"),
        pytest.param("s3:DeleteObjectVersion", "arn:aws:s3:::ours/team/a", id="delete an old version"),
        pytest.param("s3:GetObject", "arn:aws:s3:::ours/other/a", id="read outside the prefix"),
        pytest.param("s3:GetObject", "arn:aws:s3:::theirs/team/a", id="read another bucket"),
        pytest.param("s3:PutBucketPolicy", "arn:aws:s3:::ours", id="open the bucket"),
        pytest.param("lambda:InvokeFunction", "arn:aws:lambda:x:1:function:y", id="call a function"),
        pytest.param("logs:PutLogEvents", "arn:aws:logs:x:1:log-group:/aws/lambda/other:*", id="write others' logs"),
    ],
)
def test_the_function_may_not(statements, action, resource):
    assert not any(allows(statement, action, resource) for statement in statements)


def test_no_statement_is_open(statements):
    for statement in statements:
        assert statement["Effect"] == "Allow"
        assert "*" not in str(statement["Action"])
        assert statement["Resource"] != "*"


def test_parts_of_a_transaction_are_asked_about_one_by_one(statements):
    parts = [{"Put": {"TableName": "packages"}}, {"ConditionCheck": {"TableName": "packages"}}]
    asked = list(needed("dynamodb", "TransactWriteItems", {"TransactItems": parts}))
    assert [action for action, _ in asked] == ["dynamodb:PutItem", "dynamodb:ConditionCheckItem"]
    assert all(any(allows(statement, *each) for statement in statements) for each in asked)


def test_without_a_prefix_the_whole_bucket_is_ours(monkeypatch):
    monkeypatch.setenv("PYPI_TABLE", "packages")
    monkeypatch.setenv("PYPI_BUCKET", "ours")
    assert "arn:aws:s3:::ours/*" in from_shell.policy(function="f")
