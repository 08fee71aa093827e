"""Objects of any size that appear in the bucket: little is fetched of large ones, and none of it touches the disk."""

import base64
import os

import pytest

from packages_app.file_store import keys
from packages_app.file_store.s3 import PackagesS3Storage
from packages_app.storage_events.in_bucket import in_hand
from packages_app.uploads import at_hand
from packages_app.uploads.candidate import Digests, Remote, hashed
from tests.factories import make_sdist, make_wheel, sha256
from tests.unit.storage_events.conftest import audited, drop, handle, listed, lying_in, run, sound, told

MIB = 1024**2


@pytest.fixture(scope="module")
def wheel():
    """Eight megabytes."""
    return make_wheel(content=os.urandom(8 * MIB))


@pytest.fixture(scope="module")
def sdist():
    """Four megabytes."""
    return make_sdist(content=os.urandom(4 * MIB))


@pytest.fixture
def gets(bucket, monkeypatch):
    """How many bytes each GET brings; what is over a megabyte is large, and must not be written to the disk."""

    def written(*_):
        raise AssertionError("something was written to the disk")

    monkeypatch.setattr(at_hand, "LARGE", MIB)
    monkeypatch.setattr(at_hand, "spooled", written)
    monkeypatch.setattr(PackagesS3Storage, "opened", written)
    seen: list[int] = []
    events = bucket.client.meta.events
    events.register("after-call.s3.GetObject", lambda parsed, **_: seen.append(parsed.get("ContentLength", 0)))
    return seen


def vouched_for(bucket, key: str, data: bytes):
    """Put an object that S3 compares with its digest."""
    checksum = base64.b64encode(bytes.fromhex(sha256(data))).decode()
    said = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum}
    bucket.client.put_object(**bucket.where(key), Body=data, **said)


def test_a_small_object_is_a_file_with_its_digests(bucket):
    drop(bucket, "incoming/x", b"small")
    with in_hand(bucket, bucket.look("incoming/x")) as (path, digests):
        assert path.read_bytes() == b"small"
        assert digests == hashed([b"small"]).digests()
    assert not path.exists()


def test_of_a_large_object_that_s3_vouches_for_nothing_is_fetched(bucket, gets, wheel):
    vouched_for(bucket, "incoming/x", wheel[1])
    with in_hand(bucket, bucket.look("incoming/x")) as (remote, digests):
        assert isinstance(remote, Remote)
        assert digests == Digests(sha256=sha256(wheel[1]), blake2_256="", md5="")
    assert gets == []


def test_a_large_wheel_is_streamed_once_and_published(bucket, gets, wheel):
    filename, data = wheel
    told_of = drop(bucket, f"incoming/ü b+/{filename}", data)
    assert handle(told_of) == {"published": 1}
    assert gets[0] == len(data)
    assert sum(gets[1:]) <= 256 * 1024, "of 8 MB"
    assert listed() == {filename: sha256(data)}
    blob = keys.blob(sha256(data), filename)
    assert lying_in(bucket) == [blob, f"{blob}.metadata"]
    assert sound()
    assert handle(told_of) == {"gone": 1}


def test_a_large_wheel_that_s3_vouches_for_is_published_by_its_end(bucket, gets, wheel):
    filename, data = wheel
    vouched_for(bucket, f"incoming/{filename}", data)
    assert [found[2] for found in told(run(apply=True)) if found[0] == "incoming"] == ["mended"]
    assert sum(gets) <= 512 * 1024, "of 8 MB"
    assert listed() == {filename: sha256(data)}


def test_a_large_sdist_is_streamed(bucket, gets, sdist):
    filename, data = sdist
    assert handle(drop(bucket, f"incoming/{filename}", data)) == {"published": 1}
    assert sum(gets) <= 2 * len(data) + 256 * 1024
    assert listed() == {filename: sha256(data)}
    assert sound()


def test_a_large_file_that_is_published_already_is_mended_and_cleared_away(bucket, gets, wheel):
    filename, data = wheel
    assert handle(drop(bucket, f"incoming/{filename}", data)) == {"published": 1}
    blob = keys.blob(sha256(data), filename)
    bucket.client.delete_object(**bucket.where(blob))
    assert handle(drop(bucket, f"incoming/{filename}", data)) == {"already published": 1}
    assert lying_in(bucket) == [blob, f"{blob}.metadata"]
    assert sound()


def test_a_large_file_elsewhere_is_published_and_stays(bucket, gets, wheel):
    filename, data = wheel
    assert handle(drop(bucket, f"dist/{filename}", data)) == {"published": 1}
    assert f"dist/{filename}" in lying_in(bucket)
    assert sound()


def test_a_large_file_that_is_refused_is_moved_aside(bucket, gets, wheel):
    filename, data = wheel
    assert handle(drop(bucket, f"incoming/{filename}", data[:-100])) == {"refused": 1}
    assert lying_in(bucket) == [f"refused/{filename}"]
    assert len(audited("file.refuse")) == 1


@pytest.mark.parametrize("happens", ["replaced", "removed"])
@pytest.mark.usefixtures("gets")
@pytest.mark.parametrize(
    ("call", "nth"),
    [("GetObject", 1), ("GetObject", 2), ("HeadObject", 2)],
    ids=["before it is hashed", "before it is looked into", "before it is copied"],
)
def test_a_large_file_that_changes_meanwhile_is_left_to_its_next_event(bucket, wheel, happens, call, nth):
    filename, data = wheel
    key, newer = f"incoming/{filename}", make_wheel(content=b"newer")[1]
    first, seen = drop(bucket, key, data), []

    def change(**_):
        seen.append(call)
        if len(seen) == nth and happens == "replaced":
            bucket.client.put_object(**bucket.where(key), Body=newer)
        elif len(seen) == nth:
            bucket.client.delete_object(**bucket.where(key))

    bucket.client.meta.events.register(f"before-call.s3.{call}", change)
    assert handle(first) == {"gone": 1}
    assert len(seen) >= nth
    assert listed() == {}
    assert (key in lying_in(bucket)) == (happens == "replaced")
    assert keys.blob(sha256(data), filename) not in lying_in(bucket)


def test_killed_after_the_copy_the_next_event_ends_it(bucket, gets, wheel, monkeypatch):
    filename, data = wheel

    def killed(*_, **__):
        raise KeyboardInterrupt

    told_of = drop(bucket, f"incoming/{filename}", data)
    with monkeypatch.context() as patched:
        patched.setattr("packages_app.uploads.publish.catalogue.publish", killed)
        with pytest.raises(KeyboardInterrupt):
            handle(told_of)
    assert listed() == {}
    assert f"incoming/{filename}" in lying_in(bucket)
    assert handle(told_of) == {"published": 1}
    assert sound()
