"""A program that writes to an embedded catalogue and says what was acknowledged; tests run and kill it."""

import sys
from pathlib import Path

from packages_app.tables.embedded.connection import EmbeddedConnection


def main(path: str, table: str, who: str, times: int) -> None:
    connection = EmbeddedConnection(Path(path))
    for number in range(times):
        own = {"pk": {"S": who}, "sk": {"S": f"{number:06d}"}, "text": {"S": "x" * 700}}
        shared = {"pk": {"S": "shared"}, "sk": {"S": "count"}}
        add = {
            "TableName": table,
            "Key": shared,
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
        actions = [{"Put": {"TableName": table, "Item": own}}, {"Update": add}]
        connection._make_api_call("TransactWriteItems", {"TransactItems": actions})
        print(number, flush=True)  # noqa: T201 - the acknowledgement


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
