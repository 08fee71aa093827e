"""Starts the packed handler as Lambda does and asks it for a page twice, with canned answers for DynamoDB."""

import json
import sys
import time

sys.path.insert(0, ".")  # with -S nothing else than the package and the standard library is there
BEGAN = time.perf_counter()
import handler  # noqa: E402 - this import is what is timed

started = handler.LambdaHandler()
READY = time.perf_counter()

from botocore.client import BaseClient  # noqa: E402 - the handler has imported it

EVENT = {
    "httpMethod": "GET",
    "path": "/simple/",
    "headers": {
        "Host": "abc123.execute-api.eu-central-1.amazonaws.com",
        "X-Forwarded-Proto": "https",
        "Authorization": "Basic YW5hOnBhc3N3b3Jk",  # ana:password
        "Accept": "application/vnd.pypi.simple.v1+json",
    },
    "requestContext": {"stage": "dev", "identity": {"sourceIp": "192.0.2.1"}},
    "body": None,
    "isBase64Encoded": False,
}


def answer(client: BaseClient, operation: str, parameters: dict) -> dict:
    """Answer as an empty table."""
    del client
    if operation == "BatchGetItem":
        return {"Responses": {name: [] for name in parameters["RequestItems"]}, "UnprocessedKeys": {}}
    return {"Items": [], "Count": 0, "ScannedCount": 0}


BaseClient._make_api_call = answer


def asked() -> float:
    """Return the seconds that a page took."""
    began = time.perf_counter()
    found = started.handler(dict(EVENT), None)
    took = time.perf_counter() - began
    if found["statusCode"] != 200:
        raise SystemExit(f"the page was answered {found}")
    return took


json.dump({"import": READY - BEGAN, "first": asked(), "warm": min(asked() for _ in range(20))}, sys.stdout)
