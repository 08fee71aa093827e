"""Stored bytes come to hand in both homes, with the right digests."""

import pytest
from django.core.files.storage import storages
from moto import mock_aws

from packages_app.file_store import keys, write
from packages_app.file_store.errors import BlobMissing
from packages_app.uploads.at_hand import at_hand
from packages_app.uploads.candidate import Digests, hashed

DATA = b"the bytes of a wheel" * 1000
KEY = keys.blob("0" * 64, "demo-1.0.tar.gz")
OTHER = Digests(sha256="a", blake2_256="b", md5="c")


@pytest.fixture(params=["local", "s3"])
def home(request, settings, monkeypatch):
    if request.param == "local":
        yield "local"
    else:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        backend = {"BACKEND": "packages_app.file_store.s3.PackagesS3Storage", "OPTIONS": {"bucket_name": "packages"}}
        settings.STORAGES = {**settings.STORAGES, "packages": backend}
        with mock_aws():
            storages["packages"].client.create_bucket(Bucket="packages")
            yield "s3"
    storages._storages.clear()


def test_a_blob_comes_as_a_file_with_its_digests(home):
    write.put_bytes(KEY, DATA)
    with at_hand(KEY) as (path, digests):
        assert path.read_bytes() == DATA
        assert digests == hashed([DATA]).digests()
    assert path.exists() == (home == "local")


def test_known_digests_spare_reading_a_local_file_and_are_not_believed_of_a_remote_one(home):
    write.put_bytes(KEY, DATA)
    with at_hand(KEY, OTHER) as (_, digests):
        assert (digests == OTHER) == (home == "local")


def test_what_is_missing_is_told(home):
    with pytest.raises(BlobMissing), at_hand(KEY):
        pass
