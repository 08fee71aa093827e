"""An empty account, and which table and bucket are wanted in it."""

import boto3
import pytest
from moto import mock_aws

from packages_app.aws_setup.entries import Wanted

REGION = "eu-central-1"


@pytest.fixture(autouse=True)
def account(monkeypatch):
    """Stand in for AWS."""
    with mock_aws():
        for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_REGION", REGION)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        yield


@pytest.fixture
def wanted() -> Wanted:
    return Wanted(table="packages", bucket="packages-of-the-team", prefix="team", region=REGION)


@pytest.fixture
def dynamodb():
    return boto3.client("dynamodb", region_name=REGION)


@pytest.fixture
def s3():
    return boto3.client("s3", region_name=REGION)


@pytest.fixture
def bucket(s3, wanted):
    """A bucket as S3 makes it, with nothing set."""
    s3.create_bucket(Bucket=wanted.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return wanted.bucket
