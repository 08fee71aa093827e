"""The bucket holds what the keys say, privately, unguessed and page by page; its troubles are told."""

import base64
import hashlib
from io import BytesIO

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from packages_app.file_store import keys, read, write
from packages_app.file_store import s3 as backend
from packages_app.file_store.errors import BlobMissing, StoreUnavailable

DATA = b"data"
DIGEST = hashlib.sha256(DATA).hexdigest()
KEY = keys.blob(DIGEST, "demo-1.0+cu121.tar.gz")
BUCKET = "packages-bucket"


@pytest.fixture
def sent(s3):
    """Record the parameters of every request, by operation."""
    recorded = []

    def record(params, model, **_):
        recorded.append((model.name, params))

    s3.client.meta.events.register("provide-client-params.s3.*", record)
    return recorded


def test_objects_lie_under_the_prefix(s3):
    write.put_bytes(KEY, DATA)
    listed = s3.client.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [found["Key"] for found in listed] == [f"team/index/{KEY}"]


def test_an_sdist_is_not_stored_as_compressed_on_the_way(s3, tmp_path):
    source = tmp_path / "demo.tar.gz"
    source.write_bytes(DATA)
    for put in (lambda: write.put_file(KEY, source), lambda: s3.save(KEY, ContentFile(DATA))):
        put()
        head = s3.client.head_object(**s3.where(KEY))
        assert head.get("ContentEncoding", "") == ""
        assert head["ContentType"] == "application/octet-stream"


def test_s3_is_told_the_digest_it_must_have_received(s3, sent, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(DATA)
    write.put_file(KEY, source)
    expected = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    assert [params["ChecksumSHA256"] for _, params in sent] == [expected]
    assert source.exists()  # its owner removes it


def test_what_lies_beside_a_file_is_not_checked_against_the_file_s_digest(s3, sent):
    write.put_bytes(KEY + ".metadata", b"Name: demo")
    assert "ChecksumSHA256" not in sent[0][1]


def test_nothing_is_public(s3, sent, tmp_path):
    write.put_bytes(KEY, DATA)
    assert "ACL" not in sent[0][1]


def test_a_large_file_goes_in_parts(s3, sent, tmp_path, monkeypatch):
    monkeypatch.setattr(backend, "MULTIPART_FROM", 6 * 1024**2)
    s3.transfer_config.multipart_threshold = 6 * 1024**2
    s3.transfer_config.multipart_chunksize = 5 * 1024**2
    data = b"0123456789abcdef" * (7 * 1024**2 // 16)
    source = tmp_path / "source"
    source.write_bytes(data)
    key = keys.blob(hashlib.sha256(data).hexdigest(), "large.whl")
    write.put_file(key, source)
    assert [name for name, _ in sent].count("UploadPart") == 2
    assert read.stat(key).size == len(data)
    assert b"".join(read.stream(key, 0, len(data))) == data


def test_a_range_is_asked_of_s3_not_cut_here(s3, sent):
    write.put_bytes("packages/range", b"0123456789")
    sent.clear()
    assert b"".join(read.stream("packages/range", 2, 3)) == b"234"
    assert [params.get("Range") for name, params in sent if name == "GetObject"] == ["bytes=2-4"]


def test_of_what_is_opened_only_what_is_read_is_fetched(s3, sent):
    data = bytes(range(256)) * 4000
    write.put_bytes("packages/big", data)
    sent.clear()
    with read.open("packages/big") as opened:
        assert opened.seek(-10, 2) == len(data) - 10
        assert opened.read() == data[-10:]
        fetched = [params["Range"] for name, params in sent if name == "GetObject"]
        assert fetched == [f"bytes={len(data) - 10}-{len(data) - 1}"]
        opened.seek(0)
        assert opened.read() == data


def test_three_thousand_keys_are_walked_a_page_at_a_time(s3, sent):
    from moto.s3.models import s3_backends  # noqa: PLC0415 - the stand-in's memory, filled directly for speed

    memory = s3_backends["123456789012"]["aws"]
    expected = sorted(keys.blob(f"{number * 7919 % 3001:064x}", "demo-1!0+a.whl") for number in range(3000))
    for key in expected:
        memory.put_object(BUCKET, f"team/index/{key}", b"")
    memory.put_object(BUCKET, "team/index/packages/", b"")  # what a console makes for a folder
    memory.put_object(BUCKET, "team/index/packages-of-others/a", b"")
    walked = read.walk()
    assert next(walked).key == expected[0]
    assert [name for name, _ in sent] == ["ListObjectsV2"]
    assert [blob.key for blob in walked] == expected[1:]
    assert [name for name, _ in sent] == ["ListObjectsV2"] * 4


def test_threads_share_one_client(s3):
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only this test has threads

    with ThreadPoolExecutor(4) as pool:
        clients = {id(client) for client in pool.map(lambda _: s3.client, range(8))}
    assert len(clients) == 1


OPERATIONS = {
    "stat": lambda: read.stat(KEY),
    "open": lambda: read.open(KEY),
    "stream": lambda: read.stream(KEY, 0, 1),
    "read": lambda: read.read(KEY, 10),
    "walk": lambda: list(read.walk()),
    "put": lambda: write.put_bytes(KEY, DATA),
    "remove": lambda: write.remove(KEY),
}


def test_a_missing_bucket_is_no_missing_blob(s3):
    s3.client.delete_bucket(Bucket=BUCKET)
    for operation in OPERATIONS.values():
        with pytest.raises(StoreUnavailable):
            operation()


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (403, "AccessDenied"), (500, "InternalError")])
def test_a_refusal_is_told(account, settings, status, code):
    once = Config(signature_version="s3v4", retries={"total_max_attempts": 1})
    settings.STORAGES = {
        **settings.STORAGES,
        "packages": {
            "BACKEND": "packages_app.file_store.s3.PackagesS3Storage",
            "OPTIONS": {"bucket_name": BUCKET, "client_config": once},
        },
    }

    class Raw(BytesIO):
        def stream(self, **_):
            yield self.read()

    def refuse(request, **_):
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        return AWSResponse(request.url, status, {"content-type": "application/xml"}, Raw(body))

    storages["packages"].client.meta.events.register_first("before-send.s3.*", refuse)
    for operation in OPERATIONS.values():
        with pytest.raises(StoreUnavailable):
            operation()


def test_a_missing_object_is_a_missing_blob_when_the_bucket_is_there(s3):
    with pytest.raises(BlobMissing):
        read.stat(KEY)
