"""Files that appear in the bucket, as the events that tell of them find them."""

import pytest

from packages_app.catalogue import read
from packages_app.file_store import keys
from packages_app.storage_events import arrive as arriving
from tests import bucket_events
from tests.factories import make_sdist, make_wheel, sha256
from tests.homes import upload
from tests.unit.storage_events.conftest import audited, drop, handle, listed, lying_in, sound

NAME, WHEEL = make_wheel()
OTHER = make_wheel(content=b"other")[1]
BLOB = keys.blob(sha256(WHEEL), NAME)


def test_a_file_in_the_incoming_area_is_published_and_goes(bucket):
    assert handle(drop(bucket, f"incoming/{NAME}", WHEEL)) == {"published": 1}
    (file,) = read.files("demo")
    assert (file.filename, file.sha256, file.uploader) == (NAME, sha256(WHEEL), "bucket")
    assert file.metadata_sha256
    assert file.blake2_256
    assert lying_in(bucket) == [BLOB, f"{BLOB}.metadata"]
    (told_of,) = audited("file.publish")
    assert (told_of.actor, told_of.source, told_of.address) == ("bucket", "event", "192.0.2.7")


@pytest.mark.parametrize("key", [NAME, f"dist/{NAME}", f"my wheels+ü/%2B/{NAME}", f"incoming-not/{NAME}"])
def test_a_file_elsewhere_is_published_and_stays(bucket, key):
    assert handle(drop(bucket, key, WHEEL)) == {"published": 1}
    assert listed() == {NAME: sha256(WHEEL)}
    assert key in lying_in(bucket)


@pytest.mark.parametrize("folder", ["incoming", "incoming/a b/ü+%2B", "incoming/2026/01"])
@pytest.mark.parametrize(
    "made",
    [
        pytest.param(make_wheel("demo", "1.0+cu121"), id="a wheel of a local version"),
        pytest.param(make_sdist("demo", "1.0+cu121"), id="an sdist of a local version"),
        pytest.param(make_sdist("demo", "2!1.0"), id="an sdist with an epoch"),
    ],
)
def test_keys_with_every_sign_a_name_can_have(bucket, folder, made):
    filename, data = made
    assert handle(drop(bucket, f"{folder}/{filename}", data)) == {"published": 1}
    assert listed() == {filename: sha256(data)}
    assert not [key for key in lying_in(bucket) if key.startswith("incoming")]


@pytest.mark.parametrize("key", [BLOB, f"{BLOB}.metadata", f"refused/{NAME}", f"staging/s/{NAME}", "incoming/"])
def test_what_the_index_puts_there_itself_is_no_news(bucket, key):
    assert handle(drop(bucket, key, WHEEL)) == {"own": 1}
    assert listed() == {}
    assert lying_in(bucket) == [key]
    assert audited("event.ignore") == []


@pytest.mark.parametrize(
    "told_of",
    [
        bucket_events.put(f"team/index/incoming/{NAME}", bucket="somebody-elses"),
        bucket_events.put(f"team/other/{NAME}"),
        bucket_events.deleted(f"team/other/{BLOB}"),
    ],
    ids=["another bucket", "another prefix", "another prefix, removed"],
)
def test_what_is_not_of_this_index_is_left_alone(bucket, told_of):
    bucket.client.put_object(Bucket=bucket.name, Key=f"team/other/{NAME}", Body=WHEEL)
    assert handle(told_of) == {"ignored": 1}
    assert listed() == {}


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "demo-1.0.tar.bz2", f"{NAME}.asc", "index.html", "demo.whl", "démo-1.0.tar.gz", "d mo-1.0.tar.gz"],
)
def test_what_is_no_distribution_is_reported_and_left_alone(bucket, name, caplog):
    key = f"incoming/{name}"
    assert handle(drop(bucket, key, b"x")) == {"no distribution": 1}
    assert lying_in(bucket) == [key]
    (told_of,) = audited("event.ignore")
    assert told_of.target == key
    assert told_of.after["reason"]
    assert ascii(key) in caplog.text


def test_other_peoples_objects_do_not_fill_the_audit_trail(bucket):
    assert handle(drop(bucket, "logs/2026-01-02", b"x")) == {"no distribution": 1}
    assert audited("event.ignore") == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "unsound-archive", id="nothing at all"),
        pytest.param(WHEEL[:-100], "unsound-archive", id="cut off"),
        pytest.param(make_wheel("other")[1], "unsound-archive", id="another project"),
        pytest.param(b"x" * 9000, "too-large", id="too large"),
    ],
)
def test_a_refused_file_is_moved_aside_with_the_reason_in_the_audit_trail(bucket, data, code, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 8000}
    told_of = drop(bucket, f"incoming/{NAME}", data)
    assert handle(told_of) == {"refused": 1}
    assert listed() == {}
    assert lying_in(bucket) == [f"refused/{NAME}"]
    (refusal,) = audited("file.refuse")
    assert (refusal.target, refusal.actor, refusal.after["code"]) == (NAME, "bucket", code)
    assert refusal.after["reason"]
    assert refusal.after["key"] == f"incoming/{NAME}"
    assert handle(told_of) == {"gone": 1}  # sent once more
    assert len(audited("file.refuse")) == 1


def test_a_refused_file_elsewhere_stays_where_it_is(bucket):
    assert handle(drop(bucket, f"dist/{NAME}", b"no zip")) == {"refused": 1}
    assert lying_in(bucket) == [f"dist/{NAME}"]
    assert len(audited("file.refuse")) == 1


def test_too_large_a_file_is_refused_before_it_is_fetched(bucket, settings, monkeypatch):
    def fetched(_):
        raise AssertionError("its bytes were asked for")
        yield b""

    told_of = drop(bucket, f"incoming/{NAME}", WHEEL)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 100}
    monkeypatch.setattr("packages_app.file_store.bucket.chunks", fetched)
    assert handle(told_of) == {"refused": 1}


@pytest.mark.parametrize(
    ("overwrite", "key", "came"),
    [
        (False, f"incoming/{NAME}", "refused"),
        (True, f"incoming/{NAME}", "published"),
        (False, f"dist/{NAME}", "refused"),
        (True, f"dist/{NAME}", "refused"),
    ],
    ids=["incoming", "incoming, overwriting", "elsewhere", "elsewhere, overwriting"],
)
def test_other_bytes_under_a_published_name(bucket, settings, overwrite, key, came):
    """What stays in the bucket never replaces: an old event sent again would bring old bytes back."""
    upload((NAME, WHEEL))
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrite": overwrite}
    assert handle(drop(bucket, key, OTHER)) == {came: 1}
    assert listed() == {NAME: sha256(OTHER if came == "published" else WHEEL)}
    assert sound()


def test_an_object_that_went_before_its_event_came(bucket, caplog):
    told_of = drop(bucket, f"incoming/{NAME}", WHEEL)
    bucket.client.delete_object(**bucket.where(f"incoming/{NAME}"))
    assert handle(told_of) == {"gone": 1}
    assert listed() == {}
    assert len(audited("event.ignore")) == 1


def test_an_object_that_is_replaced_while_it_is_read(bucket, monkeypatch):
    """The bytes that were read are published; the newer ones are left for their own event, and refused by it."""
    first = drop(bucket, f"incoming/{NAME}", WHEEL)
    second = {}
    real = arriving.publish

    def late(candidate):
        if not second:
            second.update(drop(bucket, f"incoming/{NAME}", OTHER))
        return real(candidate)

    monkeypatch.setattr(arriving, "publish", late)
    assert handle(first) == {"published": 1}
    assert listed() == {NAME: sha256(WHEEL)}
    assert f"incoming/{NAME}" in lying_in(bucket)
    assert handle(second) == {"refused": 1}
    assert f"refused/{NAME}" in lying_in(bucket)
    assert f"incoming/{NAME}" not in lying_in(bucket)


def test_a_refused_object_that_is_replaced_meanwhile_is_not_moved(bucket, monkeypatch):
    first = drop(bucket, f"incoming/{NAME}", b"no zip")
    real = arriving.record

    def late(told_of):
        drop(bucket, f"incoming/{NAME}", WHEEL)
        real(told_of)

    monkeypatch.setattr(arriving, "record", late)
    assert handle(first) == {"refused": 1}
    assert lying_in(bucket) == [f"incoming/{NAME}"]
    assert handle(first) == {"published": 1}
