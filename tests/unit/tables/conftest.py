"""Tables to put requests to: the embedded catalogue, moto, and any endpoint that the environment names."""

import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from pynamodb.connection import Connection
from pynamodb.exceptions import VerboseClientError

from packages_app.tables.embedded.connection import EmbeddedConnection

ENDPOINT = os.environ.get("ELASTIC_PYPI_TEST_DYNAMODB_ENDPOINT")
HOMES = ["embedded", "moto", *(["endpoint"] if ENDPOINT else [])]

SCHEMA: dict[str, Any] = {
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "lookup_pk", "lookup_sk")
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "lookup",
            "KeySchema": [
                {"AttributeName": "lookup_pk", "KeyType": "HASH"},
                {"AttributeName": "lookup_sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
MULTIPLE = ("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems")


class Table:
    """One table in one home, asked as PynamoDB asks: with raw requests."""

    def __init__(self, home: str, connection: Connection) -> None:
        self.home = home
        self.connection = connection
        self.name = f"table-{uuid.uuid4().hex[:12]}"
        self.ask("CreateTable", **SCHEMA)

    def ask(self, operation: str, **request) -> dict[str, Any]:
        """Return the answer without what only a real service adds."""
        named = request if operation in MULTIPLE else {"TableName": self.name, **request}
        answer = self.connection._make_api_call(operation, named)
        for transport in ("ResponseMetadata", "ConsumedCapacity", "ItemCollectionMetrics"):
            answer.pop(transport, None)
        return answer

    def refusal(self, operation: str, **request) -> VerboseClientError:
        """Return the error that the request is answered with."""
        with pytest.raises(VerboseClientError) as caught:
            self.ask(operation, **request)
        return caught.value

    def code(self, operation: str, **request) -> str:
        """Return the code of the error that the request is answered with."""
        return self.refusal(operation, **request).response["Error"]["Code"]

    def put(self, pk: str, sk: str, **attributes) -> dict[str, Any]:
        """Store an item and return it."""
        item = {**key(pk, sk), **attributes}
        self.ask("PutItem", Item=item)
        return item

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """Return an item, or None."""
        return self.ask("GetItem", Key=key(pk, sk), ConsistentRead=True).get("Item")

    def keys(self, **request) -> list[str]:
        """Return the sort keys of one answer to a Query."""
        return [item["sk"]["S"] for item in self.ask("Query", **request)["Items"]]


def key(pk: str, sk: str) -> dict[str, Any]:
    """Return a key as requests write it."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def pytest_configure(config) -> None:
    config.addinivalue_line("markers", "moto_differs(how): moto answers otherwise than DynamoDB")


def differing(cases, deviations: dict[str, str]) -> list:
    """Return the cases for ``parametrize``, with a mark where moto is known to differ."""
    assert deviations.keys() <= set(cases)
    return [
        pytest.param(case, marks=pytest.mark.moto_differs(deviations[case])) if case in deviations else case
        for case in cases
    ]


@pytest.fixture(scope="session")
def moto_connection() -> Connection:
    """A connection to AWS as moto imagines it; botocore takes half a second to make a client."""
    with mock_aws():
        connection = Connection(region="eu-central-1")
        assert connection.client
        return connection


@pytest.fixture
def moto(moto_connection) -> Connection:
    """A connection to moto's DynamoDB, empty."""
    with mock_aws():
        yield moto_connection


@pytest.fixture
def embedded(tmp_path: Path) -> EmbeddedConnection:
    """A connection to a new embedded catalogue."""
    made = EmbeddedConnection(tmp_path / "catalogue.sqlite3")
    yield made
    made.close()


@pytest.fixture(params=HOMES)
def table(request) -> Table:
    """An empty table, in each home."""
    if request.param == "embedded":
        yield Table("embedded", request.getfixturevalue("embedded"))
    elif request.param == "moto":
        yield Table("moto", request.getfixturevalue("moto"))
    else:
        made = Table("endpoint", Connection(region="eu-central-1", host=ENDPOINT))
        yield made
        made.ask("DeleteTable")


@pytest.fixture(autouse=True)
def _known_deviations(request) -> None:
    """Expect moto to fail where it answers otherwise than DynamoDB; the mark says how."""
    deviation = request.node.get_closest_marker("moto_differs")
    if deviation and "table" in request.fixturenames and request.node.callspec.params.get("table") == "moto":
        request.applymarker(pytest.mark.xfail(strict=True, reason=f"moto differs: {deviation.args[0]}"))
