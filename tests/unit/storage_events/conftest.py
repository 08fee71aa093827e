"""An index in one folder, and hands that reach past the doors into its store."""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import storages
from moto import mock_aws

from packages_app.audit.entries import Event
from packages_app.audit.read import events as audit_events
from packages_app.catalogue import read
from packages_app.catalogue.entries import File
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.bucket import Bucket, own
from packages_app.storage_events import stored
from packages_app.storage_events.entries import Choices, Finding
from packages_app.storage_events.handlers import objects_changed
from packages_app.storage_events.reconcile import reconcile
from packages_app.tables.base import create_table
from packages_app.uploads.candidate import hashed
from tests import bucket_events
from tests.bucket_events import BUCKET
from tests.homes import in_folder


@pytest.fixture(autouse=True)
def files(settings, tmp_path, monkeypatch):
    """The folder of the store; nobody waits for anybody."""
    in_folder(settings, tmp_path)
    monkeypatch.setattr(stored, "SETTLE_SECONDS", 0.0)
    yield tmp_path / "files"
    storages._storages.clear()


@pytest.fixture
def overwriting(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrite": True}


def put(folder, made: tuple[str, bytes], *, age: timedelta = timedelta(0), sha256: str = "", beside: str = ""):
    """Put a file into the store behind the index's back, and return its path; ``sha256`` lies about its bytes."""
    filename, data = made
    path = folder / keys.blob(sha256 or hashed([data]).digests().sha256, filename)
    path = path.with_name(path.name + beside)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then))
    return path


def path_of(folder, file: File, beside: str = ""):
    return folder / (keys.blob(file.sha256, file.filename) + beside)


def run(**choices) -> list[Finding]:
    """Run reconcile to its end."""
    return list(reconcile(Choices(**choices)))


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.kind.value, finding.target, finding.outcome.value) for finding in findings]


@pytest.fixture(params=["embedded catalogue", "dynamodb"])
def bucket(request, settings, monkeypatch, files):
    """The index's files under a prefix of a versioned bucket, with either catalogue."""
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SECURITY_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "eu-central-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        backend = {
            "BACKEND": "packages_app.file_store.s3.PackagesS3Storage",
            "OPTIONS": {"bucket_name": BUCKET, "location": "team/index"},
        }
        settings.STORAGES = {**settings.STORAGES, "packages": backend}
        table = f"packages-{os.urandom(4).hex()}" if request.param == "dynamodb" else None
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "bucket": BUCKET, "table": table}
        if table:
            create_table()
        found = own()
        found.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        found.client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield found


def drop(bucket: Bucket, key: str, data: bytes) -> dict:
    """Put an object into the bucket as somebody with other tools does, and return the event that tells of it."""
    answer = bucket.client.put_object(**bucket.where(key), Body=data)
    return bucket_events.put(bucket.prefix + key, version=answer["VersionId"])


def lying_in(bucket: Bucket) -> list[str]:
    """Return every key that can be read in the index's part of the bucket."""
    return [found.key for found in bucket.walk()]


def audited(*actions: str) -> list[Event]:
    """Return the audit events of these kinds, newest first."""
    month = datetime.now(UTC).strftime("%Y-%m")
    return [found for found in audit_events(month) if found.action in actions]


def handle(*events: dict) -> dict[str, int]:
    """Call the function as Lambda does: with what comes out of JSON, and a context."""
    records = [record for each in events for record in each["Records"]]
    return objects_changed(json.loads(json.dumps(bucket_events.event(*records))), object())


def listed(project: str = "demo") -> dict[str, str]:
    return {file.filename: file.sha256 for file in read.files(project)}


def sound() -> bool:
    """Whether every listed file has its bytes."""
    for project in read.listed():
        for file in read.files(project.name):
            data = b"".join(store.stream(keys.blob(file.sha256, file.filename), 0, file.size))
            if hashlib.sha256(data).hexdigest() != file.sha256:
                return False
    return True


def delete(bucket, key: str) -> dict:
    """Delete an object as people do in a versioned bucket, and return the event that tells of it."""
    answer = bucket.client.delete_object(**bucket.where(key))
    record = bucket_events.record("ObjectRemoved:DeleteMarkerCreated", bucket.prefix + key, version=answer["VersionId"])
    return bucket_events.event(record)
