"""The two homes of the file store, so that one contract is tested on both."""

from datetime import UTC, datetime

import pytest
from django.core.files.storage import storages
from moto import mock_aws

from packages_app.file_store import links

BUCKET = "packages-bucket"
HOMES = ["local", "s3"]
WINDOW = 900
START = datetime(2026, 3, 1, 12, 15, tzinfo=UTC)  # a multiple of the window


@pytest.fixture
def local(settings, tmp_path):
    """Keep packages in a folder of the test's own."""
    options = {"location": tmp_path / "files", "incoming": tmp_path / "incoming"}
    settings.STORAGES = {
        **settings.STORAGES,
        "packages": {"BACKEND": "packages_app.file_store.local.DurableStorage", "OPTIONS": options},
    }
    return storages["packages"]


@pytest.fixture
def account(monkeypatch):
    """Stand in for AWS."""
    with mock_aws():
        for name in (
            "AWS_SESSION_TOKEN",
            "AWS_PROFILE",
            "AWS_ENDPOINT_URL",
            "AWS_DEFAULT_REGION",
            "AWS_SECURITY_TOKEN",
        ):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_REGION", "eu-central-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not/a+secret")
        yield


@pytest.fixture
def s3(settings, account):
    """Keep packages under a prefix of a bucket."""
    options = {"bucket_name": BUCKET, "location": "team/index"}
    settings.STORAGES = {
        **settings.STORAGES,
        "packages": {"BACKEND": "packages_app.file_store.s3.PackagesS3Storage", "OPTIONS": options},
    }
    storage = storages["packages"]
    storage.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return storage


@pytest.fixture(params=HOMES)
def storage(request):
    """Either home."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def clock(monkeypatch, settings):
    """Set the time that links see, and how long they stay the same."""
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "link_window": WINDOW}

    class Clock(datetime):
        moment = START

        @classmethod
        def now(cls, tz=None):
            return cls.moment.astimezone(tz)

    monkeypatch.setattr(links, "datetime", Clock)
    return Clock
