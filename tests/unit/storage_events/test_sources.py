"""Folders and buckets as sources: whole listings, bytes, and errors that name what cannot be read."""

from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest

from packages_app.file_store import bucket as buckets
from packages_app.file_store.errors import StoreUnavailable
from packages_app.storage_events import sources
from packages_app.storage_events.errors import SourceUnreadable
from packages_app.storage_events.sources import Folder, Objects
from tests.unit.storage_events.conftest import drop


def places(source) -> list[str]:
    return [offered.place for offered in source.walk()]


def test_a_folder_gives_every_file_with_its_bytes(tmp_path):
    for place in ("b", "a/c", "a/.hidden"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_bytes(place.encode())
    (tmp_path / "dangling").symlink_to("nothing")
    source = Folder(tmp_path)
    assert places(source) == ["b", "a/.hidden", "a/c"]
    for offered in source.walk():
        with source.reading(offered) as chunks:
            assert b"".join(chunks) == offered.place.encode()
        assert offered.filename == offered.place.rpartition("/")[2]


def test_a_folder_that_refuses_is_named(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"x")
    source = Folder(tmp_path)
    (offered,) = source.walk()

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(SourceUnreadable, match="a cannot be read: Permission denied"), source.reading(offered):
        pass


def test_a_disk_that_fails_in_the_middle_is_told_as_the_source(tmp_path):
    def failing(_: int) -> bytes:
        raise OSError(5, "Input/output error")

    offered = sources.Offered(place="a", size=1, modified=datetime.now(UTC))
    with pytest.raises(SourceUnreadable, match="Input/output error"):
        list(sources.parts(failing, offered))


def test_a_bucket_gives_every_object_but_the_indexs_own(bucket):
    for key in ("packages/x", "refused/x", "staging/x", "incoming/x", "dist/x", "dist/", "x"):
        drop(bucket, key, key.encode())
    boto3.client("s3").put_object(Bucket=bucket.name, Key="packages/elsewhere", Body=b"x")
    source = Objects(buckets.other(bucket.name))
    assert places(source) == ["packages/elsewhere", "team/index/dist/x", "team/index/incoming/x", "team/index/x"]
    assert places(Objects(buckets.other(bucket.name), "team/index/d")) == ["team/index/dist/x"]
    (offered,) = Objects(buckets.other(bucket.name), "team/index/d").walk()
    with source.reading(offered) as chunks:
        assert b"".join(chunks) == b"dist/x"
    assert (offered.filename, offered.size) == ("x", 6)


def test_an_object_that_went_or_cannot_be_read_is_named(bucket, monkeypatch):
    drop(bucket, "dist/x", b"x")
    source = Objects(buckets.other(bucket.name))
    (offered,) = source.walk()
    bucket.client.delete_object(**bucket.where("dist/x"))
    with pytest.raises(SourceUnreadable, match="dist/x went in the meantime"), source.reading(offered):
        pass

    def failing(*_: object) -> None:
        raise StoreUnavailable("later")

    monkeypatch.setattr(source.bucket, "reading", failing)
    with pytest.raises(SourceUnreadable, match="dist/x cannot be read"), source.reading(offered):
        pass


def test_a_fault_of_the_reader_is_not_taken_for_one_of_the_source(bucket):
    drop(bucket, "dist/x", b"x")
    source = Objects(buckets.other(bucket.name))
    (offered,) = source.walk()
    with pytest.raises(StoreUnavailable), source.reading(offered):
        raise StoreUnavailable("the index's own disk")
