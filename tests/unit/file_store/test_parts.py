"""Blobs that are stored in parts: joined in their order, dropped without a trace, and never seen half done."""

from pathlib import Path

import pytest
import requests
from botocore.exceptions import ClientError

from packages_app.file_store import keys, parts, read, write
from packages_app.file_store.entries import Part
from packages_app.file_store.errors import BadKey, BlobMissing
from packages_app.file_store.spool import spooled
from tests.factories import sha256

SESSION = "5" * 32
KEY = keys.staged(SESSION, "0" * 64, "demo-1.0.tar.gz")
PIECES = {1: b"a" * 300, 2: b"b" * 300, 3: b"c" * 20}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 256)


def send(upload: str, number: int, data: bytes) -> None:
    """Store a part as its sender does in either home."""
    part = Part(number=number, size=len(data))
    link = parts.link(KEY, upload, part, sha256=sha256(data), expires=60)
    if link is None:
        with spooled() as spool:
            spool.file.write(data)
            spool.file.flush()
            parts.put(KEY, number, spool.path)
    else:
        requests.put(link.url, data=data, headers=dict(link.headers), timeout=10).raise_for_status()


def sizes(upload: str) -> dict[int, int]:
    return {part.number: part.size for part in parts.received(KEY, upload)}


@pytest.fixture
def upload(storage) -> str:
    """An upload of which the first and the last part are there."""
    begun = parts.begin(KEY)
    assert begun
    for number in (3, 1):
        send(begun, number, PIECES[number])
    return begun


def test_parts_become_the_blob_in_their_order(upload):
    assert sizes(upload) == {1: 300, 3: 20}
    with pytest.raises(BlobMissing):
        read.stat(KEY)
    send(upload, 2, b"another")
    send(upload, 2, PIECES[2])
    found = parts.received(KEY, upload)
    parts.join(KEY, upload, found)
    assert read.read(KEY, 1000) == b"".join(PIECES.values())
    assert [blob.key for blob in read.walk(keys.STAGING)] == [KEY]
    assert parts.received(KEY, upload) == []
    parts.drop(KEY, upload)


def test_what_is_joined_replaces_the_blob(upload):
    write.put_bytes(KEY, b"before")
    parts.join(KEY, upload, [part for part in parts.received(KEY, upload) if part.number == 1])
    assert read.read(KEY, 1000) == PIECES[1]


def test_dropped_parts_leave_nothing(upload):
    for _ in range(2):
        parts.drop(KEY, upload)
        assert parts.received(KEY, upload) == []
    assert list(read.walk(keys.STAGING)) == []
    assert list(parts.unfinished(keys.STAGING)) == []


def test_a_part_that_went_meanwhile_cannot_be_joined_in_a_folder(local):
    upload = parts.begin(KEY)
    send(upload, 1, PIECES[1])
    found = parts.received(KEY, upload)
    parts.drop(KEY, upload)
    with pytest.raises(BlobMissing):
        parts.join(KEY, upload, found)
    assert list(read.walk(keys.STAGING)) == []


@pytest.mark.parametrize("code", ["NoSuchUpload", "InvalidPart"])
def test_nor_in_s3(s3, monkeypatch, code):
    def refuse(**_: object) -> None:  # what stands in for S3 here answers 500 instead
        raise ClientError({"Error": {"Code": code}}, "CompleteMultipartUpload")

    monkeypatch.setattr(s3.client, "complete_multipart_upload", refuse)
    with pytest.raises(BlobMissing):
        parts.join(KEY, "gone", [Part(number=1, size=3)])


def test_the_store_knows_which_uploads_take_parts(upload, storage):
    assert parts.is_begun(KEY, upload)
    seen = [(each.key, each.upload) for each in parts.unfinished(keys.STAGING)]
    in_bucket = hasattr(storage, "bucket_name")
    assert seen == ([(KEY, upload)] if in_bucket else [])
    parts.drop(KEY, upload)
    assert parts.is_begun(KEY, upload) == (not in_bucket)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(parts.begin, id="beginning an upload"),
        pytest.param(lambda key: parts.is_begun(key, "u"), id="asking for one"),
        pytest.param(
            lambda key: parts.link(key, "u", Part(number=1, size=1), sha256="0" * 64, expires=9), id="asking for a link"
        ),
        pytest.param(lambda key: parts.put(key, 1, Path("x")), id="storing a part"),
        pytest.param(lambda key: parts.received(key, "u"), id="listing parts"),
        pytest.param(lambda key: parts.join(key, "u", []), id="joining them"),
        pytest.param(lambda key: parts.drop(key, "u"), id="dropping them"),
    ],
)
def test_a_key_stays_inside_the_store(storage, ask):
    with pytest.raises(BadKey):
        ask("../x")


def test_beginning_anew_in_a_folder_forgets_the_parts_before(local):
    first = parts.begin(KEY)
    send(first, 1, PIECES[1])
    assert parts.received(KEY, parts.begin(KEY)) == []


def test_parts_of_another_file_beside_it_are_not_taken_for_its_own(local):
    upload = parts.begin(KEY)
    send(upload, 1, PIECES[1])
    write.put_bytes(f"{KEY}.part-1", b"")
    write.put_bytes(f"{KEY}.part-00002.metadata", b"")
    write.put_bytes(f"{KEY.replace('demo-1.0', 'demo-1.00')}.part-00003", b"")
    assert sizes(upload) == {1: 300}


def test_an_upload_to_s3_asks_for_the_digest_of_each_part(s3):
    upload = parts.begin(KEY)
    link = parts.link(KEY, upload, Part(number=7, size=300), sha256=sha256(PIECES[1]), expires=60)
    assert link.headers["Content-Length"] == "300"
    assert "partNumber=7" in link.url
    signed = link.url.partition("X-Amz-SignedHeaders=")[2].partition("&")[0]
    assert signed == "content-length%3Bhost%3Bx-amz-checksum-sha256"
    [found] = s3.client.list_multipart_uploads(Bucket=s3.bucket_name)["Uploads"]
    assert found["ChecksumAlgorithm"] == "SHA256"
    with pytest.raises(NotImplementedError):
        s3.parts().put(KEY, 1, Path("x"))


def test_s3_is_told_the_digests_that_it_told_of(s3, monkeypatch):
    told = {}
    monkeypatch.setattr(s3.client, "complete_multipart_upload", lambda **parameters: told.update(parameters))
    parts.join(KEY, "upload", [Part(number=1, size=3, tag='"e"', checksum="c"), Part(number=2, size=3, tag='"f"')])
    assert told["MultipartUpload"] == {
        "Parts": [{"PartNumber": 1, "ETag": '"e"', "ChecksumSHA256": "c"}, {"PartNumber": 2, "ETag": '"f"'}]
    }
