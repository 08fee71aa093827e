"""A backup brings back all that the catalogue knew; a versioned bucket brings back deleted files."""

import io
import stat

import boto3
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.file_store import bucket as buckets
from packages_app.file_store import keys
from packages_app.tables import backup, base
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.commands import manage

WHO = Change(actor="ana", source="test")
JSON = "application/vnd.pypi.simple.v1+json"
FILES = [make_wheel(), make_sdist(), make_wheel("other", "2.0"), make_wheel("demo", "1.1")]
IN_BUCKET = pytest.mark.parametrize("home", ["dynamodb and s3"], indirect=True)
ANY_HOME = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
PATHS = ("/simple/", "/simple/demo/", "/simple/other/")

pytestmark = pytest.mark.operator


@pytest.fixture
def filled(client, publish):
    """An index with files, a yank and a status: things that files alone do not tell."""
    for filename, data in FILES:
        assert publish(filename, data).status_code == 200
    write.set_yanked("demo", FILES[0][0], yanked=True, reason="broken", change=WHO)
    write.set_status("other", Status.ARCHIVED, reason="done", change=WHO)
    assert manage("reconcile", "--apply")[0] == 0  # describes both anew, as the journeys do


@pytest.fixture
def kept(filled, tmp_path):
    """A backup of it."""
    target = tmp_path / "catalogue.jsonl.gz"
    assert manage("backup", "--to", str(target))[0] == 0
    return target


def pages(client, auth) -> list[tuple]:
    found = []
    for path in PATHS:
        answer = client.get(path, headers={**auth, "accept": JSON})
        found.append((answer.status_code, answer.headers.get("ETag"), answer.content))
    return found


def lose_the_table() -> None:
    base.table_connection().delete_table()


def test_a_lost_table_is_restored_to_the_byte(home, client, auth, kept):
    before = pages(client, auth)
    events = sum(1 for _ in backup.everything())
    lose_the_table()
    code, said = manage("restore", "--from", str(kept))
    assert code == 0, said
    assert f"{events} items restored" in said
    assert pages(client, auth) == before
    assert read.file("demo", FILES[0][0]).yanked_reason == "broken"
    code, said = manage("verify")
    assert code == 0, said
    assert manage("reconcile")[0] == 0
    assert sum(1 for _ in backup.everything()) == events


def test_the_index_goes_on_after_a_restore(home, client, auth, publish, kept):
    lose_the_table()
    assert manage("restore", "--from", str(kept))[0] == 0
    filename, data = make_wheel("demo", "3.0")
    assert publish(filename, data).status_code == 200
    assert filename in client.get("/simple/demo/", headers=auth).content.decode()


def test_a_table_with_items_is_not_written_over_by_accident(home, client, auth, publish, kept):
    filename, data = make_wheel("later", "1.0")
    publish(filename, data)
    code, said = manage("restore", "--from", str(kept))
    assert code == 2
    assert "--into-existing" in said
    write.set_yanked("demo", FILES[0][0], yanked=False, reason="", change=WHO)
    assert manage("restore", "--from", str(kept), "--into-existing")[0] == 0
    assert read.file("demo", FILES[0][0]).yanked  # as it was in the backup
    assert read.project("later") is not None  # and what is not in it stays


@IN_BUCKET
def test_the_whole_disaster_is_survived(home, client, auth, kept):
    """The table is dropped and every object deleted; the bucket keeps versions, as setup_aws makes it."""
    before = pages(client, auth)
    # what the bucket held before it kept versions would be gone for good, so they are put again
    s3 = boto3.client("s3")
    s3.put_bucket_versioning(Bucket="packages", VersioningConfiguration={"Status": "Enabled"})
    bucket = buckets.own()
    for found in list(bucket.walk("packages/")):
        s3.copy_object(
            CopySource=bucket.where(found.key), **bucket.where(found.key), MetadataDirective="REPLACE", Metadata={}
        )
        for _ in range(2):  # deleted twice: two markers
            s3.delete_object(**bucket.where(found.key))
    lose_the_table()
    code, said = manage("restore", "--from", str(kept), "--files")
    assert code == 0, said
    assert "0 have no version left" in said
    assert pages(client, auth) == before
    code, said = manage("verify")
    assert code == 0, said


@IN_BUCKET
def test_an_object_without_a_version_is_told(home, kept):
    bucket = buckets.own()
    key = keys.blob(sha256(FILES[0][1]), FILES[0][0])
    bucket.client.delete_object(**bucket.where(key))
    code, said = manage("restore", "--files")
    assert code == 2
    assert f"{key}: has no version left" in said


@ANY_HOME
def test_files_in_a_folder_have_no_versions(home, kept):
    code, said = manage("restore", "--files")
    assert code == 2
    assert "backup of the folder" in said


@ANY_HOME
def test_a_backup_is_for_its_owner_only_and_never_written_over(home, kept):
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    before = kept.read_bytes()
    assert manage("backup", "--to", str(kept))[0] == 1
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.glob(".*.part")] == []


@ANY_HOME
def test_a_folder_that_is_none_is_told(home, filled, tmp_path):
    code, said = manage("backup", "--to", str(tmp_path / "nowhere" / "file"))
    assert code == 1
    assert "cannot be written" in said


@ANY_HOME
def test_a_damaged_backup_restores_nothing(home, kept):
    lose_the_table()
    kept.write_bytes(kept.read_bytes()[:-99])
    code, said = manage("restore", "--from", str(kept))
    assert (code, "backup" in said) == (2, True)
    assert next(backup.everything(), None) is None


@ANY_HOME
def test_what_is_to_be_restored_must_be_said(home):
    with pytest.raises(CommandError, match="--from"):
        call_command("restore", stdout=io.StringIO())
