"""Objects that people put into a bucket: whole listings, reads of one moment, and changes only of what was read."""

import base64
import hashlib
from dataclasses import replace

import pytest
from boto3.s3.transfer import TransferConfig

from packages_app.file_store import bucket as buckets
from packages_app.file_store import keys
from packages_app.file_store.bucket import Bucket, own
from packages_app.file_store.errors import BadKey, BlobMissing, ObjectChanged, StoreUnavailable
from packages_app.file_store.storage import IMMUTABLE

ODD = "incoming/ü b+c%2B 'd'.whl"


@pytest.fixture
def bucket(s3) -> Bucket:
    found = own()
    assert found is not None
    return found


def put(bucket: Bucket, key: str, data: bytes = b"one") -> None:
    bucket.client.put_object(**bucket.where(key), Body=data)


def found(bucket: Bucket, key: str):
    with bucket.reading(key) as (record, _):
        return record


def test_a_folder_is_no_bucket(local):
    assert own() is None


def test_keys_are_without_the_prefix_and_what_lies_outside_is_told_apart(bucket):
    assert bucket.prefix == "team/index/"
    assert bucket.inside("team/index/incoming/a") == "incoming/a"
    assert bucket.inside("team/other/a") is None
    assert Bucket(bucket.client, bucket.name).inside("anything") == "anything"


def test_any_key_can_be_read(bucket):
    put(bucket, ODD)
    assert [record.key for record in bucket.walk("incoming/")] == [ODD]
    with bucket.reading(ODD) as (record, chunks):
        assert (record.key, record.size, b"".join(chunks)) == (ODD, 3, b"one")


def test_a_listing_goes_to_its_end(bucket, monkeypatch):
    for number in range(7):
        put(bucket, f"incoming/{number}")
    put(bucket, "other/x")
    real, pages = bucket.client.get_paginator, []

    def small(name: str):
        class Pages:
            def paginate(self, **given):
                for page in real(name).paginate(**given, PaginationConfig={"PageSize": 2}):
                    pages.append(page)
                    yield page

        return Pages()

    monkeypatch.setattr(bucket.client, "get_paginator", small)
    assert [record.key for record in bucket.walk("incoming/")] == [f"incoming/{number}" for number in range(7)]
    assert len(pages) == 4


def test_what_is_read_is_of_one_moment(bucket, monkeypatch):
    monkeypatch.setattr(buckets, "CHUNK", 1)
    put(bucket, "a", b"old")
    with bucket.reading("a") as (_, chunks):
        first = next(chunks)
        put(bucket, "a", b"new")
        assert first + b"".join(chunks) == b"old"


def test_what_is_not_there_is_missing(bucket):
    with pytest.raises(BlobMissing), bucket.reading("nothing"):
        pass
    put(bucket, "a")
    record = found(bucket, "a")
    bucket.remove(record)
    with pytest.raises(BlobMissing):
        bucket.remove(record)
    with pytest.raises(BlobMissing):
        bucket.move(record, "b")


def test_a_bucket_that_is_not_there_is_unavailable(bucket):
    with pytest.raises(StoreUnavailable):
        list(Bucket(bucket.client, "no-such-bucket").walk())


def test_a_move_takes_the_object_along(bucket):
    put(bucket, ODD)
    bucket.move(found(bucket, ODD), "refused/x")
    assert [record.key for record in bucket.walk()] == ["refused/x"]


def test_only_what_was_read_is_removed_or_moved(bucket):
    put(bucket, "a")
    record = found(bucket, "a")
    put(bucket, "a", b"two")
    with pytest.raises(ObjectChanged):
        bucket.remove(record)
    with pytest.raises(ObjectChanged):
        bucket.move(record, "b")
    assert [each.key for each in bucket.walk()] == ["a"]


def test_a_look_fetches_nothing_and_says_what_s3_vouches_for(bucket):
    put(bucket, ODD)
    assert bucket.look(ODD).sha256 == ""
    checksum = base64.b64encode(hashlib.sha256(b"one").digest()).decode()
    bucket.client.put_object(**bucket.where(ODD), Body=b"one", ChecksumAlgorithm="SHA256", ChecksumSHA256=checksum)
    with bucket.reading(ODD) as (record, _):
        assert bucket.look(ODD) == replace(record, sha256=hashlib.sha256(b"one").hexdigest())
    with pytest.raises(BlobMissing):
        bucket.look("nothing")


def test_bytes_are_streamed_from_a_place_on_and_only_of_what_was_looked_at(bucket):
    put(bucket, ODD, b"0123456789")
    record = bucket.look(ODD)
    assert b"".join(bucket.stream(record, 3, 4)) == b"3456"
    put(bucket, ODD, b"9876543210")
    with pytest.raises(ObjectChanged):
        list(bucket.stream(record, 3, 4))
    bucket.client.delete_object(**bucket.where(ODD))
    with pytest.raises(BlobMissing):
        list(bucket.stream(record, 3, 4))


@pytest.mark.parametrize(
    ("threshold", "call"), [(2**30, "CopyObject"), (1, "UploadPartCopy")], ids=["in one piece", "in parts"]
)
def test_an_object_becomes_a_blob_with_the_headers_of_a_blob(bucket, monkeypatch, threshold, call):
    monkeypatch.setattr(s3_module(), "COPIES", TransferConfig(multipart_threshold=threshold))
    conditions = []
    bucket.client.meta.events.register(
        f"before-call.s3.{call}", lambda params, **_: conditions.append(params["headers"]["x-amz-copy-source-if-match"])
    )
    target = keys.blob("0" * 64, "demo-1.0.tar.gz")
    bucket.client.put_object(**bucket.where(ODD), Body=b"one", ContentEncoding="gzip", ContentType="application/x-tar")
    bucket.bring(bucket.look(ODD), target)
    answer = bucket.client.get_object(**bucket.where(target))
    assert answer["Body"].read() == b"one"
    assert (answer["ContentType"], answer["CacheControl"]) == ("application/octet-stream", IMMUTABLE)
    assert not answer.get("ContentEncoding")
    assert conditions == [bucket.look(ODD).etag]
    assert [record.key for record in bucket.walk()] == sorted([ODD, target])


def test_only_what_was_looked_at_becomes_a_blob_and_only_where_blobs_lie(bucket):
    put(bucket, "a")
    record = bucket.look("a")
    with pytest.raises(BadKey):
        bucket.bring(record, "../x")
    put(bucket, "a", b"two")
    with pytest.raises(ObjectChanged):
        bucket.bring(record, keys.blob("0" * 64, "demo-1.0.tar.gz"))
    assert [each.key for each in bucket.walk()] == ["a"]


def s3_module():
    from packages_app.file_store import s3  # noqa: PLC0415 - only where S3 is used

    return s3


def test_an_answer_that_is_cut_short_is_an_error(bucket):
    put(bucket, "a", b"x" * 10)

    class Cut:
        def read(self, _):
            raise buckets.ClientError({"Error": {"Code": "InternalError"}}, "GetObject")

    with pytest.raises(StoreUnavailable):
        list(buckets.chunks(Cut()))
