"""The index in each of its homes, as a person with Django's test client sees it."""

import base64
import os
import threading

import boto3
import pytest
from django.core.files.storage import storages
from django.test import Client
from moto import mock_aws
from pynamodb.connection import Connection

from packages_app.tables.base import create_table
from tests.factories import multipart, sha256
from tests.functional.actions import only_allowed

CALLED = pytest.StashKey[set[str]]()
USER, PASSWORD = "ana", "pa:ss wörd"


@pytest.fixture(params=["embedded and folder", "dynamodb and folder", "dynamodb and s3"])
def home(request, settings, tmp_path, monkeypatch) -> str:
    """One of the three configurations, empty, in force for one test."""
    options = {**settings.PACKAGES_APP, "data": tmp_path, "users": {USER: PASSWORD, "ben": "ben's"}}
    folder = {
        "BACKEND": "packages_app.file_store.local.DurableStorage",
        "OPTIONS": {"location": tmp_path / "files", "incoming": tmp_path / "incoming"},
    }
    if request.param == "embedded and folder":
        settings.STORAGES = {**settings.STORAGES, "packages": folder}
        settings.PACKAGES_APP = options
        yield request.param
        return

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    one_at_a_time(monkeypatch)
    with mock_aws():
        settings.PACKAGES_APP = {**options, "table": f"packages-{os.urandom(4).hex()}"}
        if request.param == "dynamodb and s3":
            boto3.client("s3").create_bucket(
                Bucket="packages", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
            )
            settings.PACKAGES_APP = {**settings.PACKAGES_APP, "bucket": "packages"}
            folder = {
                "BACKEND": "packages_app.file_store.s3.PackagesS3Storage",
                "OPTIONS": {"bucket_name": "packages", "location": "team"},
            }
        settings.STORAGES = {**settings.STORAGES, "packages": folder}
        create_table()
        if request.node.get_closest_marker("operator"):
            yield request.param
            return
        chosen = settings.PACKAGES_APP
        with only_allowed(
            monkeypatch, table=chosen["table"], bucket=chosen.get("bucket") or "none", prefix="team"
        ) as called:
            request.node.stash[CALLED] = called
            yield request.param


@pytest.fixture
def called(home, request) -> set[str]:
    """The AWS actions that were called since the test began."""
    return request.node.stash[CALLED]


def one_at_a_time(monkeypatch) -> None:
    """Let requests reach the table one by one: DynamoDB isolates transactions from each other, moto does not."""
    lock, call = threading.Lock(), Connection._make_api_call

    def alone(*args):
        with lock:
            return call(*args)

    monkeypatch.setattr(Connection, "_make_api_call", alone)


@pytest.fixture
def configure(settings):
    """Change options of the index: ``configure(overwrite=True)``."""

    def change(**options) -> None:
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, **options}

    return change


def basic(user: str = USER, password: str = PASSWORD, encoding: str = "utf-8") -> dict[str, str]:
    """Return the headers of somebody who signs in."""
    pair = base64.b64encode(f"{user}:{password}".encode(encoding)).decode()
    return {"authorization": f"Basic {pair}"}


@pytest.fixture
def auth() -> dict[str, str]:
    """Headers of a configured user."""
    return basic()


@pytest.fixture
def client(home) -> Client:
    """Django's client; an error in a view is an answer here too, as it is for a user."""
    return Client(raise_request_exception=False)


@pytest.fixture
def get(client, auth):
    """Read an address as a signed-in client: ``get("/simple/", accept=JSON)``."""

    def send(path: str, *, method: str = "get", **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(path, headers={**auth, **named})

    return send


@pytest.fixture
def uploader(client):
    """A client of upload sessions."""
    from tests.functional.uploader import Uploader  # noqa: PLC0415 - it needs what stands here

    return Uploader(client)


@pytest.fixture
def session(uploader) -> dict:
    """The document of a new upload session for demo 1.0."""
    return uploader.create().json()


@pytest.fixture
def publish(client, auth):
    """Upload one file through the legacy door, as twine would: ``publish(filename, data, name="demo")``."""

    def send(filename: str, data: bytes, *, path: str = "/legacy/", headers: dict | None = None, **fields):
        form = {":action": "file_upload", "protocol_version": "1", "sha256_digest": sha256(data), **fields}
        body, content_type = multipart(form, [("content", filename, data)])
        return client.post(path, data=body, content_type=content_type, headers=auth if headers is None else headers)

    return send


@pytest.fixture(autouse=True)
def _storages_follow_settings(settings):
    """Django keeps storages it built; each test gets its own."""
    yield
    storages._storages.clear()
