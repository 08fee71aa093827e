"""Checks each call to AWS against the policy that the deployed function runs with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

import pytest
from botocore.client import BaseClient

from deploy import from_shell

ACCOUNT = "123456789012"
TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
# Operations that IAM knows by another name.
OBJECT_ACTIONS = {
    "HeadObject": ["GetObject"],
    "CopyObject": ["GetObject", "GetObjectTagging", "PutObject", "PutObjectTagging"],  # a copy keeps its tags
    "UploadPartCopy": ["GetObject", "PutObject"],
    "CreateMultipartUpload": ["PutObject"],
    "UploadPart": ["PutObject"],
    "CompleteMultipartUpload": ["PutObject"],
    "ListParts": ["ListMultipartUploadParts"],
}
BUCKET_ACTIONS = {
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
}


@contextmanager
def only_allowed(monkeypatch: pytest.MonkeyPatch, *, table: str, bucket: str, prefix: str) -> Iterator[set[str]]:
    """Refuse at the end whatever was called meanwhile and the policy does not allow; yields what was called."""
    monkeypatch.setenv("PYPI_TABLE", table)
    monkeypatch.setenv("PYPI_BUCKET", bucket)
    statements = json.loads(from_shell.policy(function="elastic-pypi-dev", prefix=prefix))["Statement"]
    for name in ("PYPI_TABLE", "PYPI_BUCKET"):
        monkeypatch.delenv(name)
    called: set[str] = set()
    refused: set[tuple[str, str]] = set()
    original = BaseClient._make_api_call

    def watched(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        for action, resource in needed(client.meta.service_model.service_name, operation, parameters):
            if "dynamodb" in resource and arn(table) not in resource:
                continue  # a table that a test makes beside the index's own, as an operator
            called.add(action)
            if not any(allows(statement, action, resource) for statement in statements):
                refused.add((action, resource))
        return original(client, operation, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", watched)
        yield called
    assert not refused, f"deploy/policy.json does not allow {sorted(refused)}"


def needed(service: str, operation: str, parameters: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the actions and resources that IAM asks about for one call."""
    if service == "dynamodb":
        yield from needed_of_table(operation, parameters)
    elif "Key" in parameters:
        resource = f"arn:aws:s3:::{parameters['Bucket']}/{parameters['Key']}"
        for action in OBJECT_ACTIONS.get(operation, [operation]):
            yield f"s3:{action}", resource
    elif operation == "DeleteObjects":
        for each in parameters["Delete"]["Objects"]:
            yield "s3:DeleteObject", f"arn:aws:s3:::{parameters['Bucket']}/{each['Key']}"
    else:
        yield f"{service}:{BUCKET_ACTIONS.get(operation, operation)}", f"arn:aws:s3:::{parameters.get('Bucket', '')}"


def needed_of_table(operation: str, parameters: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the same for DynamoDB, whose transactions need the actions of their parts."""
    if "TransactItems" in parameters:
        for item in parameters["TransactItems"]:
            for kind, part in item.items():
                yield f"dynamodb:{TRANSACTION[kind]}", arn(part["TableName"])
    elif "RequestItems" in parameters:
        for name in parameters["RequestItems"]:
            yield f"dynamodb:{operation}", arn(name)
    else:
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        yield f"dynamodb:{operation}", arn(parameters["TableName"]) + index


def arn(table: str) -> str:
    """Return a table's name as IAM knows it."""
    return f"arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/{table}"


def allows(statement: dict[str, Any], action: str, resource: str) -> bool:
    """Return whether a statement allows an action on a resource."""
    actions, resources = statement["Action"], statement["Resource"]
    actions = [actions] if isinstance(actions, str) else actions
    resources = [resources] if isinstance(resources, str) else resources
    return action in actions and any(fnmatchcase(resource, pattern) for pattern in resources)
