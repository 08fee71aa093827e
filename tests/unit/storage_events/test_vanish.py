"""Files that vanish from the bucket: withdrawn when their bytes are really gone, and only then."""

from datetime import timedelta

import pytest

from packages_app.catalogue import read
from packages_app.catalogue import write as catalogue_write
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.errors import BlobMissing
from tests import bucket_events
from tests.bucket_events import event
from tests.factories import make_sdist, make_wheel, sha256
from tests.homes import upload
from tests.unit.storage_events.conftest import audited, delete, drop, handle, listed, run, sound

NAME, WHEEL = make_wheel()
OTHER = make_wheel(content=b"other")[1]
BLOB = keys.blob(sha256(WHEEL), NAME)


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
