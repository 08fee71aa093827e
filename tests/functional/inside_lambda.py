"""Answers one page as a fresh Lambda would, with canned answers for DynamoDB, and prints which modules that took."""

import io
import json
import sys
from typing import Any

from botocore.client import BaseClient


def answer(client: BaseClient, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Answer as an empty table."""
    del client
    if operation == "BatchGetItem":
        return {"Responses": {name: [] for name in parameters["RequestItems"]}, "UnprocessedKeys": {}}
    return {"Items": [], "Count": 0, "ScannedCount": 0}


BaseClient._make_api_call = answer

from pypi_site.wsgi import application  # noqa: E402 - DynamoDB is replaced first

statuses: list[str] = []
body = b"".join(
    application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/simple/",
            "SERVER_NAME": "index.example",
            "SERVER_PORT": "443",
            "HTTP_AUTHORIZATION": "Basic YW5hOnBhc3N3b3Jk",  # ana:password
            "HTTP_ACCEPT": sys.argv[1],
            "HTTP_ACCEPT_ENCODING": sys.argv[2],
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "https",
        },
        lambda status, *_: statuses.append(status),
    )
)
json.dump({"status": statuses, "size": len(body), "modules": sorted(sys.modules)}, sys.stdout)
