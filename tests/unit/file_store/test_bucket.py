"""Objects that people put into a bucket: whole listings, reads of one moment, and changes only of what was read."""

import pytest

from packages_app.file_store import bucket as buckets
from packages_app.file_store.bucket import Bucket, own
from packages_app.file_store.errors import BlobMissing, ObjectChanged, StoreUnavailable

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


def test_an_answer_that_is_cut_short_is_an_error(bucket):
    put(bucket, "a", b"x" * 10)

    class Cut:
        def read(self, _):
            raise buckets.ClientError({"Error": {"Code": "InternalError"}}, "GetObject")

    with pytest.raises(StoreUnavailable):
        list(buckets.chunks(Cut()))
