"""Looks at an account and says step by step what the index has there and what it misses; and makes what is missing."""

from collections.abc import Iterator

from packages_app.aws_setup.bucket import Bucket
from packages_app.aws_setup.entries import State, Step, Wanted
from packages_app.aws_setup.errors import reported
from packages_app.aws_setup.table import Table


def plan(wanted: Wanted) -> list[Step]:
    """Return every step for the table and the bucket, changing nothing.

    Raises:
        AwsRefused: AWS refused to tell.
        AwsUnreachable: AWS could not be asked.
    """
    import boto3  # noqa: PLC0415 - heavy, and only this command needs it in one folder

    steps: list[Step] = []
    with reported(f"table {wanted.table}"):
        steps += Table(boto3.client("dynamodb", region_name=wanted.region), wanted).steps()
    with reported(f"bucket {wanted.bucket}"):
        steps += Bucket(boto3.client("s3", region_name=wanted.region), wanted).steps()
    return steps


def apply(steps: list[Step]) -> Iterator[Step]:
    """Make what is missing, and yield each step once it is made.

    Raises:
        AwsRefused: AWS refused the change; what was made before stays, and the next run goes on from there.
        AwsUnreachable: AWS could not be asked.
    """
    for step in steps:
        if step.state is State.MISSING and step.make is not None:
            with reported(step.subject):
                step.make()
            yield step
