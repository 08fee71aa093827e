"""Events of the bucket, one by one, several, twice, late, in any order, and with a store or catalogue that fails."""

import hashlib
import json
from datetime import timedelta

import pytest

from packages_app.catalogue import read
from packages_app.catalogue import write as catalogue_write
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import BlobMissing, StoreUnavailable
from packages_app.storage_events import arrive as arriving
from packages_app.storage_events.handlers import objects_changed
from packages_app.tables.errors import TableUnavailable
from packages_app.uploads import publish as journey
from tests import bucket_events
from tests.bucket_events import event
from tests.factories import make_sdist, make_wheel, sha256
from tests.unit.storage_events.conftest import audited, drop, lying_in, run, told, upload

NAME, WHEEL = make_wheel()
OTHER = make_wheel(content=b"other")[1]
BLOB = keys.blob(sha256(WHEEL), NAME)


def handle(*events: dict) -> dict[str, int]:
    """Call the function as Lambda does: with what comes out of JSON, and a context."""
    records = [record for each in events for record in each["Records"]]
    return objects_changed(json.loads(json.dumps(event(*records))), object())


def listed(project: str = "demo") -> dict[str, str]:
    return {file.filename: file.sha256 for file in read.files(project)}


def sound() -> bool:
    """Whether every listed file has its bytes."""
    for project in read.listed():
        for file in read.files(project.name):
            data = b"".join(store.stream(keys.blob(file.sha256, file.filename), 0, file.size))
            if hashlib.sha256(data).hexdigest() != file.sha256:
                return False
    return True


# --- files that appear --------------------------------------------------------------------------------------------


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


# --- files that vanish --------------------------------------------------------------------------------------------


def delete(bucket, key: str) -> dict:
    """Delete an object as people do in a versioned bucket, and return the event that tells of it."""
    answer = bucket.client.delete_object(**bucket.where(key))
    record = bucket_events.record("ObjectRemoved:DeleteMarkerCreated", bucket.prefix + key, version=answer["VersionId"])
    return event(record)


@pytest.mark.parametrize("version", ["1.0", "1.0+cu121"])
def test_a_removed_blob_withdraws_its_file(bucket, version):
    file = upload(make_wheel(version=version))
    assert handle(delete(bucket, keys.blob(file.sha256, file.filename))) == {"withdrawn": 1}
    assert listed() == {}
    (told_of,) = audited("file.withdraw")
    assert (told_of.actor, told_of.source, told_of.target) == ("bucket", "event", file.filename)


def test_a_removal_that_comes_twice_changes_nothing_more(bucket):
    upload((NAME, WHEEL))
    told_of = delete(bucket, BLOB)
    assert handle(told_of, told_of) == {"withdrawn": 1, "own": 1}
    assert len(audited("file.withdraw")) == 1


def test_a_removal_of_bytes_that_are_there_again_changes_nothing(bucket):
    upload((NAME, WHEEL))
    told_of = delete(bucket, BLOB)
    bucket.client.put_object(**bucket.where(BLOB), Body=WHEEL)
    assert handle(told_of) == {"own": 1}
    assert listed() == {NAME: sha256(WHEEL)}


def test_the_removal_of_an_old_version_changes_nothing(bucket):
    upload((NAME, WHEEL))
    (first,) = bucket.client.list_object_versions(Bucket=bucket.name, Prefix=f"{bucket.prefix}{BLOB}")["Versions"][:1]
    bucket.client.put_object(**bucket.where(BLOB), Body=WHEEL)
    bucket.client.delete_object(**bucket.where(BLOB), VersionId=first["VersionId"])
    assert handle(bucket_events.deleted(bucket.prefix + BLOB, version=first["VersionId"])) == {"own": 1}
    assert listed() == {NAME: sha256(WHEEL)}


def test_a_delete_marker_that_is_taken_away_changes_nothing(bucket):
    upload((NAME, WHEEL))
    marker = bucket.client.delete_object(**bucket.where(BLOB))["VersionId"]
    bucket.client.delete_object(**bucket.where(BLOB), VersionId=marker)
    assert handle(bucket_events.deleted(bucket.prefix + BLOB, version=marker)) == {"own": 1}
    assert listed() == {NAME: sha256(WHEEL)}


@pytest.mark.parametrize("name", ["LifecycleExpiration:Delete", "LifecycleExpiration:DeleteMarkerCreated"])
def test_what_a_lifecycle_rule_removes_is_withdrawn_too(bucket, name):
    upload((NAME, WHEEL))
    delete(bucket, BLOB)
    assert handle(event(bucket_events.record(name, bucket.prefix + BLOB))) == {"withdrawn": 1}


@pytest.mark.parametrize(
    "key",
    [f"{BLOB}.metadata", f"incoming/{NAME}", f"refused/{NAME}", f"dist/{NAME}", "packages/x", f"packages/{'0' * 64}/x"],
)
def test_the_removal_of_anything_else_changes_nothing(bucket, key):
    upload((NAME, WHEEL))
    drop(bucket, key, WHEEL)
    assert handle(delete(bucket, key)) == {"own": 1}
    assert listed() == {NAME: sha256(WHEEL)}


def test_bytes_that_were_replaced_and_collected_withdraw_nothing(bucket, overwriting):
    upload((NAME, WHEEL))
    upload((NAME, OTHER))
    assert handle(delete(bucket, BLOB)) == {"own": 1}
    assert listed() == {NAME: sha256(OTHER)}


def test_what_reconcile_collects_withdraws_nothing(bucket, overwriting):
    upload((NAME, WHEEL))
    upload((NAME, OTHER))
    (mended,) = run(apply=True, grace=timedelta(0))
    assert mended.kind.value == "retired"
    with pytest.raises(BlobMissing):
        store.stat(BLOB)
    assert handle(bucket_events.deleted(bucket.prefix + BLOB)) == {"own": 1}
    assert listed() == {NAME: sha256(OTHER)}
    assert audited("file.withdraw") == []


def test_a_file_that_is_replaced_at_the_last_moment_is_not_withdrawn(bucket, overwriting, monkeypatch):
    upload((NAME, WHEEL))
    told_of = delete(bucket, BLOB)
    real = catalogue_write.withdraw

    def late(*given):
        upload((NAME, OTHER))
        return real(*given)

    monkeypatch.setattr(catalogue_write, "withdraw", late)
    assert handle(told_of) == {"own": 1}
    assert listed() == {NAME: sha256(OTHER)}


def test_bytes_that_are_uploaded_again_while_their_file_is_withdrawn_stay_listed(bucket, monkeypatch):
    """The upload finds the row, and says that nothing changed: the file must be listed afterwards."""
    file = upload((NAME, WHEEL))
    told_of = delete(bucket, BLOB)
    real = catalogue_write.withdraw

    def late(*given):
        monkeypatch.setattr(catalogue_write, "withdraw", real)
        assert upload((NAME, WHEEL)) == file
        return real(*given)

    monkeypatch.setattr(catalogue_write, "withdraw", late)
    assert handle(told_of) == {"own": 1}
    assert read.files("demo") == (file,)
    assert sound()


def test_the_old_reading_of_an_sdists_name_is_withdrawn_too(bucket):
    """foo-1.0-1.tar.gz can be of foo and of foo-1-0: the row is looked for under each."""
    filename, data = make_sdist("demo", "1.0.post1", stem="demo-1.0-1")
    file = upload((filename, data))
    assert handle(delete(bucket, keys.blob(file.sha256, filename))) == {"withdrawn": 1}
    assert listed() == {}


# --- several, twice, in any order ---------------------------------------------------------------------------------


def test_every_record_of_an_event_is_handled(bucket):
    made = [make_wheel(version=f"{number}.0") for number in range(1, 5)]
    dropped = [drop(bucket, f"incoming/{filename}", data) for filename, data in made]
    assert handle(*dropped) == {"published": 4}
    assert listed() == {filename: sha256(data) for filename, data in made}


def test_an_event_that_comes_twice_changes_nothing_more(bucket):
    told_of = drop(bucket, f"dist/{NAME}", WHEEL)
    assert handle(told_of, told_of) == {"published": 1, "already published": 1}
    serial = read.project("demo").serial
    assert handle(told_of) == {"already published": 1}
    assert read.project("demo").serial == serial
    assert len(audited("file.publish")) == 1


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1), (1, 0, 3, 2)], ids=str)
def test_the_order_in_which_events_come_does_not_matter(bucket, order):
    """Whatever the sequence: what is in the bucket now decides, so that no sequencer has to be kept."""
    events = [drop(bucket, f"incoming/{NAME}", b"no zip"), drop(bucket, f"incoming/{NAME}", WHEEL)]
    gone = upload(make_sdist())
    events.append(delete(bucket, keys.blob(gone.sha256, gone.filename)))
    back = upload(make_wheel(version="2.0"))
    events.append(delete(bucket, keys.blob(back.sha256, back.filename)))
    bucket.client.put_object(**bucket.where(keys.blob(back.sha256, back.filename)), Body=make_wheel(version="2.0")[1])
    for number in order:
        handle(events[number])
    assert listed() == {NAME: sha256(WHEEL), back.filename: back.sha256}
    assert sound()
    assert not [key for key in lying_in(bucket) if key.startswith("incoming")]


# --- what is no event, and what fails -----------------------------------------------------------------------------


def test_the_test_of_a_new_configuration_is_taken_quietly(bucket):
    told_of = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "packages-bucket"}
    assert objects_changed(told_of, None) == {}
    assert audited("event.ignore") == []


@pytest.mark.parametrize("told_of", [None, {}, {"Records": [{"body": "{}"}]}], ids=repr)
def test_an_unknown_shape_is_logged_audited_and_no_error(bucket, told_of, caplog):
    assert objects_changed(told_of, None) == {"ignored": 1}
    assert len(audited("event.ignore")) == 1
    assert "ignored" in caplog.text


def test_in_one_folder_there_are_no_events(files):
    assert handle(bucket_events.put(f"incoming/{NAME}")) == {"ignored": 1}


@pytest.mark.parametrize("error", [StoreUnavailable("later"), TableUnavailable("later"), ZeroDivisionError()], ids=repr)
def test_a_record_that_fails_is_raised_after_all_others_were_handled(bucket, monkeypatch, error):
    """Lambda sends the event again then, and the second time does what the first could not."""
    made = [make_wheel(version=f"{number}.0") for number in range(1, 4)]
    dropped = [drop(bucket, f"incoming/{filename}", data) for filename, data in made]
    real = arriving.publish

    def failing(candidate):
        if candidate.filename == made[0][0]:
            raise error
        return real(candidate)

    with monkeypatch.context() as patched:
        patched.setattr(arriving, "publish", failing)
        with pytest.raises(type(error)):
            handle(*dropped)
    assert set(listed()) == {made[1][0], made[2][0]}
    assert f"incoming/{made[0][0]}" in lying_in(bucket)
    assert handle(*dropped) == {"published": 1, "gone": 2}
    assert set(listed()) == {filename for filename, _ in made}


def test_the_second_try_completes_what_the_first_could_not(bucket, monkeypatch):
    told_of = drop(bucket, f"incoming/{NAME}", WHEEL)
    real = bucket.client.delete_object

    def failing(**_):
        raise StoreUnavailable("later")

    monkeypatch.setattr(bucket.client, "delete_object", failing)
    with pytest.raises(StoreUnavailable):
        handle(told_of)
    assert listed() == {NAME: sha256(WHEEL)}
    monkeypatch.setattr(bucket.client, "delete_object", real)
    assert handle(told_of) == {"already published": 1}
    assert f"incoming/{NAME}" not in lying_in(bucket)


class Killed(BaseException):
    """The process ends here: nothing that catches errors may go on."""


@pytest.mark.parametrize("completed_by", ["the next event", "reconcile"])
@pytest.mark.parametrize(
    ("where", "what"),
    [(journey.catalogue, "publish"), (store_write, "put_file"), (arriving, "cleared")],
    ids=["between blob and row", "before the blob", "between row and clearing away"],
)
def test_a_killed_function_is_completed(bucket, monkeypatch, where, what, completed_by):
    told_of = drop(bucket, f"incoming/{NAME}", WHEEL)

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(where, what, killed)
        with pytest.raises(Killed):
            handle(told_of)
    assert listed() == ({NAME: sha256(WHEEL)} if what == "cleared" else {})
    assert sound()
    if completed_by == "reconcile":
        run(apply=True)
        assert told(run()) == []
    else:
        handle(told_of)
    assert listed() == {NAME: sha256(WHEEL)}
    assert sound()
    assert lying_in(bucket) == [BLOB, f"{BLOB}.metadata"]
    assert len(audited("file.publish")) == 1
