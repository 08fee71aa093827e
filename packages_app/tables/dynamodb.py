"""The connection to DynamoDB: patient with throttling, within the time that a request has."""

import random
import time
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.connection import Connection
from pynamodb.exceptions import VerboseClientError

from packages_app import patience

REST = {"BatchGetItem": "UnprocessedKeys", "BatchWriteItem": "UnprocessedItems"}
"""Where DynamoDB tells what of a batch it left undone because it was busy."""
BUSY = "ProvisionedThroughputExceededException"


class PatientConnection(Connection):
    """PynamoDB's connection, but what DynamoDB leaves of a batch is asked for again after a pause, and not for ever."""

    def __init__(self) -> None:
        super().__init__(
            connect_timeout_seconds=patience.CONNECT_SECONDS,
            read_timeout_seconds=patience.READ_SECONDS,
            max_retry_attempts=patience.ATTEMPTS - 1,
        )
        patience.watch(self.client)

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        # PynamoDB's private seam: every request passes here. By itself it asks for the rest of a batch at once.
        answer = super()._make_api_call(operation_name, operation_kwargs)
        rest = REST.get(operation_name)
        attempt = 1
        while rest and answer.get(rest):
            pause = random.uniform(0, patience.longest_pause(attempt) / 4)  # noqa: S311 - spreads readers out
            if attempt >= patience.ATTEMPTS or patience.left() <= pause:
                raise self.busy(operation_name, operation_kwargs)
            time.sleep(pause)
            attempt += 1
            more = super()._make_api_call(operation_name, {**operation_kwargs, "RequestItems": answer[rest]})
            answer = {**more, "Responses": joined(answer.get("Responses", {}), more.get("Responses", {}))}
        return answer

    def busy(self, operation: str, request: dict[str, Any]) -> VerboseClientError:
        """Return the error that a whole request ends with when DynamoDB is busy."""
        error = {"Error": {"Code": BUSY, "Message": "A part of a batch stayed undone"}}
        shown = {"request_id": "", "table_name": self._get_table_name_for_error_context(request)}
        raised = VerboseClientError(error, operation, shown)
        raised.__cause__ = ClientError({"Error": {"Code": BUSY}}, operation)
        return raised


def joined(first: dict[str, list[Any]], second: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the items of two answers, table by table."""
    return {table: [*first.get(table, ()), *second.get(table, ())] for table in {**first, **second}}
