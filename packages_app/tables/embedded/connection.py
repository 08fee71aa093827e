"""The connection that PynamoDB sends its requests through, answered here."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.connection import Connection
from pynamodb.exceptions import CancellationReason, VerboseClientError

from packages_app.tables.embedded import pages, several, single, tables
from packages_app.tables.embedded.errors import Refused
from packages_app.tables.embedded.store import Store

Answer = Callable[[sqlite3.Connection, dict[str, Any]], dict[str, Any]]

READS: dict[str, Answer] = {
    "GetItem": single.get,
    "Query": pages.query,
    "Scan": pages.scan,
    "BatchGetItem": several.batch_get,
    "TransactGetItems": several.transact_get,
    "DescribeTable": tables.describe,
    "DescribeTimeToLive": tables.describe_expiry,
}
CHANGES: dict[str, Answer] = {
    "PutItem": single.put,
    "UpdateItem": single.update,
    "DeleteItem": single.delete,
    "BatchWriteItem": several.batch_write,
    "TransactWriteItems": several.transact_write,
    "CreateTable": tables.create,
    "DeleteTable": tables.delete,
    "UpdateTimeToLive": tables.update_expiry,
}
NOT_ANSWERED = frozenset(
    {
        "AttributesToGet",
        "AttributeUpdates",
        "ConditionalOperator",
        "Expected",
        "KeyConditions",
        "QueryFilter",
        "ScanFilter",
        "Segment",
        "TotalSegments",
    }
)
"""Parameters that would change the meaning of a request; DynamoDB itself calls most of them legacy."""
SWEEPS = 60.0
"""Seconds between two looks for expired items; a process does so in the course of a write."""


class EmbeddedConnection(Connection):
    """PynamoDB's connection, answered from one SQLite file.

    Answers and refusals are DynamoDB's; SQLite's own failures are ``Unanswered``. A write that was answered is on
    disk. Items are removed some time after they expired, a day at the earliest; until then they are read as any other.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.store = Store(path)
        self.swept = time.monotonic()

    def __repr__(self) -> str:
        return f"EmbeddedConnection<{self.store.path}>"

    def close(self) -> None:
        """Close the file; the next request opens it again."""
        self.store.close()

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        # PynamoDB's private seam: every request passes here, as botocore would be handed it.
        for parameter in operation_kwargs:
            if parameter in NOT_ANSWERED:
                raise NotImplementedError(f"The embedded catalogue does not know {operation_name}'s {parameter}.")
        try:
            if read := READS.get(operation_name):
                with self.store.reading() as db:
                    return read(db, operation_kwargs)
            if write := CHANGES.get(operation_name):
                return self.changed(write, operation_kwargs)
        except Refused as refusal:
            raise self.told(refusal, operation_name, operation_kwargs) from ClientError(
                {"Error": {"Code": refusal.code, "Message": refusal.message}, **refusal.response},  # type: ignore[typeddict-item] # with the parts that DynamoDB adds
                operation_name,
            )
        raise NotImplementedError(f"The embedded catalogue does not know the operation {operation_name}.")

    def changed(self, write: Answer, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out a write, and now and then remove what expired."""
        with self.store.changing() as db:
            answer = write(db, request)
            if time.monotonic() - self.swept > SWEEPS:
                tables.sweep(db)
                self.swept = time.monotonic()
        return answer

    def told(self, refusal: Refused, operation: str, request: dict[str, Any]) -> VerboseClientError:
        """Return the refusal as PynamoDB tells of DynamoDB's."""
        reasons = [
            CancellationReason(code=reason["Code"], message=reason.get("Message"), raw_item=reason.get("Item"))
            if reason["Code"] != "None"
            else None
            for reason in refusal.response.get("CancellationReasons", ())
        ]
        error = {"Error": {"Code": refusal.code, "Message": refusal.message}}
        shown = {"request_id": "", "table_name": self._get_table_name_for_error_context(request)}
        return VerboseClientError(error, operation, shown, cancellation_reasons=reasons)
