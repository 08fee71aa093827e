"""Stored bytes come to hand in both homes, with the right digests, and large ones with few requests."""

import base64
import os

import pytest
from django.core.files.storage import storages
from moto import mock_aws

from packages_app import names
from packages_app.file_store import keys, read, write
from packages_app.file_store.errors import BlobMissing
from packages_app.metadata.archive import inspect
from packages_app.uploads import at_hand as at_hands
from packages_app.uploads.at_hand import at_hand, is_quick
from packages_app.uploads.candidate import Digests, Remote, hashed
from tests.factories import make_sdist, make_wheel, sha256

DATA = b"the bytes of a wheel" * 1000
KEY = keys.blob("0" * 64, "demo-1.0.tar.gz")
OTHER = Digests(sha256="a", blake2_256="b", md5="c")


@pytest.fixture
def bucket(settings, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    backend = {"BACKEND": "packages_app.file_store.s3.PackagesS3Storage", "OPTIONS": {"bucket_name": "packages"}}
    settings.STORAGES = {**settings.STORAGES, "packages": backend}
    with mock_aws():
        storages["packages"].client.create_bucket(Bucket="packages")
        yield
    storages._storages.clear()


@pytest.fixture(params=["local", "s3"])
def home(request):
    if request.param == "s3":
        request.getfixturevalue("bucket")
    yield request.param
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


# --- Large files on S3 ---


@pytest.fixture(scope="module")
def large():
    """A wheel of 8 MB."""
    return make_wheel(content=os.urandom(8 * 1024**2))


@pytest.fixture
def gets(bucket, monkeypatch):
    """How many bytes each GET brings."""
    monkeypatch.setattr(at_hands, "LARGE", 1024**2)
    seen: list[int] = []
    client = storages["packages"].client
    client.meta.events.register("after-call.s3.GetObject", lambda parsed, **_: seen.append(parsed["ContentLength"]))
    return seen


def put(made: tuple[str, bytes], *, vouched: bool) -> str:
    """Store a file, and let S3 compare it with its digest or not."""
    filename, data = made
    key = keys.blob(sha256(data), filename)
    storage = storages["packages"]
    checksum = base64.b64encode(bytes.fromhex(sha256(data))).decode()
    said = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum} if vouched else {}
    storage.client.put_object(**storage.where(key), Body=data, **said)
    return key


def test_of_a_large_wheel_that_s3_vouches_for_only_what_tells_of_it_is_read(large, gets):
    key = put(large, vouched=True)
    with at_hand(key, needed=["sha256"]) as (remote, digests):
        assert digests == Digests(sha256=sha256(large[1]), blake2_256="", md5="")
        assert isinstance(remote, Remote)
        with remote.open("rb") as opened:
            found = inspect(opened, names.parse(large[0]), whole=False)
    assert found.core.name == "demo"
    assert len(gets) <= 4
    assert sum(gets) <= 256 * 1024, "of 8 MB"


@pytest.mark.parametrize(
    ("vouched", "needed"), [(False, ["sha256"]), (True, ["sha256", "md5"])], ids=["nobody vouches", "more is needed"]
)
def test_a_large_file_is_streamed_once_where_s3_does_not_say_all_that_is_needed(large, gets, vouched, needed):
    key = put(large, vouched=vouched)
    told = []
    with at_hand(key, needed=needed, beat=told.append) as (_, digests):
        assert digests == hashed([large[1]]).digests()
    assert gets == [len(large[1])]
    assert told[-1] == len(large[1])
    assert not is_quick(read.stat(key), needed)


def test_a_large_sdist_is_streamed(gets):
    made = make_sdist(content=os.urandom(4 * 1024**2))
    key = put(made, vouched=True)
    assert is_quick(read.stat(key), ["sha256"])
    with at_hand(key, needed=["sha256"]) as (remote, _), remote.open("rb") as opened:
        assert inspect(opened, names.parse(made[0])).core.name == "demo"
    assert len(gets) <= 12
    assert sum(gets) <= len(made[1]) + 256 * 1024


def test_parts_that_s3_joined_have_no_digest_of_the_whole():
    answer = {"ChecksumSHA256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=-2", "ChecksumType": "COMPOSITE"}
    from packages_app.file_store.s3 import vouched  # noqa: PLC0415 - only where S3 is used

    assert vouched(answer) == vouched({}) == vouched({**answer, "ChecksumType": "FULL_OBJECT"}) == ""
    assert vouched({"ChecksumSHA256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}) == sha256(b"")
