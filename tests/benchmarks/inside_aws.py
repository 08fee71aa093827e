"""Counts the calls to AWS, and the units of DynamoDB that they take, for each kind of request; runs on moto."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.client import BaseClient
from moto import mock_aws

from tests.benchmarks.units import Used, query_units, read_units, size_of, write_units

TABLE, BUCKET = "packages", "packages"
JSON = "application/vnd.pypi.simple.v1+json"


def main() -> None:
    """Print what was found, after a mark."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
    os.environ |= {"PYPI_TABLE": TABLE, "PYPI_BUCKET": BUCKET, "PYPI_SECRET_KEY": "of-the-benchmark"}
    with mock_aws():
        import django  # noqa: PLC0415 - after the environment is set

        django.setup()
        from packages_app.tables.base import create_table  # noqa: PLC0415 - Django must be set up first

        where = {"LocationConstraint": "eu-central-1"}
        boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        create_table()
        found = {kind: vars(used) for kind, used in operations(json.loads(sys.argv[1])["many"]).items()}
    sys.stdout.write("\n\0" + json.dumps(found))


def operations(many: int) -> dict[str, Used]:
    """Return what each kind of request takes, in a process that has answered such requests before."""
    from tests.benchmarks.inside_requests import Caller  # noqa: PLC0415 - Django must be set up first

    caller = Caller()
    for number in range(5):
        caller.upload("small-project", f"1.{number}")
    fill("many-files", many)
    page = caller.get("/simple/small-project/", Accept=JSON)
    file = json.loads(page.content)["files"][0]["url"].removeprefix("../..")
    root = caller.get("/simple/", Accept=JSON)
    kinds: dict[str, Callable[[], object]] = {
        "project page, kept by the process": lambda: caller.get("/simple/small-project/", Accept=JSON),
        "project page, 304": lambda: caller.get(
            "/simple/small-project/", expect=304, Accept=JSON, **{"If-None-Match": page.headers["ETag"]}
        ),
        "project page of 5 files, built": lambda: caller.get("/simple/small-project/", Accept="text/html"),
        f"project page of {many:,} files, built": lambda: caller.get("/simple/many-files/", Accept=JSON),
        "project page, no such project": lambda: caller.get("/simple/no-such-project/", expect=404),
        "root page, kept by the process": lambda: caller.get("/simple/", Accept=JSON),
        "root page, 304": lambda: caller.get(
            "/simple/", expect=304, Accept=JSON, **{"If-None-Match": root.headers["ETag"]}
        ),
        "file": lambda: caller.get(file, expect=302),
        "file, HEAD": lambda: caller.get(file, method="head"),
        "file, .metadata": lambda: caller.get(f"{file}.metadata", expect=302),
        "upload of a new project": lambda: caller.upload("fresh-project", "1.0"),
        "upload, the same again": lambda: caller.upload("fresh-project", "1.0"),
        "upload of a further file": lambda: caller.upload("small-project", "2.0"),
    }
    found = {}
    for kind, act in kinds.items():
        with counted() as used:
            act()
        found[kind] = used
    return found


def fill(project: str, count: int) -> None:
    """List many files of one project, without bytes."""
    from datetime import UTC, datetime  # noqa: PLC0415 - beside the others

    from packages_app.catalogue import rows, write  # noqa: PLC0415 - Django must be set up first
    from packages_app.catalogue.entries import Change, File  # noqa: PLC0415 - Django must be set up first
    from packages_app.catalogue.models import FileRow  # noqa: PLC0415 - Django must be set up first

    def row(number: int) -> File:
        return File(
            project=project,
            filename=f"{project.replace('-', '_')}-1.{number}-cp311-cp311-manylinux_2_28_x86_64.whl",
            version=f"1.{number}",
            filetype="bdist_wheel",
            size=1000 + number,
            sha256=f"{number:064x}",
            blake2_256=f"{number:064x}",
            upload_time=datetime.now(UTC),
            uploader="ana",
            requires_python=">=3.9",
            metadata_sha256=f"{number:064x}",
            metadata_size=1000,
        )

    with FileRow.batch_write() as batch:
        for number in range(1, count):
            batch.save(rows.file_row(row(number)))
    write.publish(row(0), display_name=project, change=Change(actor="ana", source="benchmark"), fence="")


@contextmanager
def counted() -> Iterator[Used]:
    """Count what is called meanwhile."""
    used, original = Used(), BaseClient._make_api_call

    def counting(client: BaseClient, operation: str, given: dict[str, Any]) -> Any:
        answer = original(client, operation, given)
        service = client.meta.service_model.service_name
        used.calls[operation if service == "dynamodb" else f"S3 {operation}"] += 1
        if service == "dynamodb":

            def read(key: dict[str, Any]) -> Any:
                return original(client, "GetItem", {"TableName": TABLE, "Key": key})

            add(used, operation, given, answer, read)
        return answer

    BaseClient._make_api_call = counting  # type: ignore[method-assign] # every client's one way out
    try:
        yield used
    finally:
        BaseClient._make_api_call = original  # type: ignore[method-assign] # as it was


def add(used: Used, operation: str, given: dict[str, Any], answer: dict[str, Any], read: Callable[..., Any]) -> None:
    """Add the units of one call."""
    if operation == "GetItem":
        used.read += read_units([size_of(answer.get("Item", {}))], consistent=given.get("ConsistentRead", False))
    elif operation == "BatchGetItem":
        asked = given["RequestItems"][TABLE]
        sizes = [size_of(item) for item in answer["Responses"].get(TABLE, ())]
        missing = [0] * (len(asked["Keys"]) - len(sizes))
        used.read += read_units([*sizes, *missing], consistent=asked.get("ConsistentRead", False))
    elif operation == "Query":
        sizes = [size_of(item) for item in answer.get("Items", ())]
        used.read += query_units(sizes, consistent=given.get("ConsistentRead", False))
    elif operation == "TransactWriteItems":
        for part in given["TransactItems"]:
            ((_, action),) = part.items()
            key = action.get("Key") or {name: action["Item"][name] for name in ("pk", "sk")}
            item = read(key).get("Item", {})
            used.write += write_units(size_of(item), indexed="lookup_pk" in item, transaction=True)
    elif operation == "BatchWriteItem":
        for request in given["RequestItems"][TABLE]:
            # A deleted item is gone by now; rows of words, the only ones that are deleted so, are small.
            item = request.get("PutRequest", {}).get("Item", {})
            used.write += write_units(size_of(item), indexed="lookup_pk" in item, transaction=False)
    else:
        item = given.get("Item") or read(given["Key"]).get("Item", {})
        used.write += write_units(size_of(item), indexed="lookup_pk" in item, transaction=False)


if __name__ == "__main__":
    main()
