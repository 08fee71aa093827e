"""Files whose objects were deleted come back while the bucket has a version of them, and nothing else is touched."""

import pytest

from packages_app.file_store import keys
from packages_app.storage_events.errors import NoVersions
from packages_app.storage_events.undelete import undelete
from tests.factories import make_sdist, make_wheel
from tests.homes import upload
from tests.unit.storage_events.conftest import delete, lying_in, sound


def test_what_was_deleted_comes_back_and_only_that(bucket):
    files = [upload(make_wheel()), upload(make_sdist())]
    every = lying_in(bucket)
    gone = [keys.blob(files[0].sha256, files[0].filename), keys.metadata(files[0].sha256, files[0].filename)]
    for key in gone:
        delete(bucket, key)
        bucket.client.delete_object(**bucket.where(key))  # a second marker hides it as well
    assert [(found.key, found.came_back) for found in undelete()] == [(key, True) for key in gone]
    assert (lying_in(bucket), sound()) == (every, True)
    assert list(undelete()) == []


def test_what_has_no_version_left_is_told_and_stays_away(bucket):
    file = upload(make_wheel())
    key = keys.blob(file.sha256, file.filename)
    full = bucket.where(key)["Key"]
    for version in bucket.client.list_object_versions(Bucket=bucket.name, Prefix=full)["Versions"]:
        if version["Key"] == full:
            bucket.client.delete_object(**bucket.where(key), VersionId=version["VersionId"])
    assert [(found.key, found.came_back) for found in undelete()] == [(key, False)]


def test_what_lies_beside_a_file_does_not_stand_for_it(bucket):
    """The names of both begin alike, and so does the question after their versions."""
    file = upload(make_wheel())
    blob, metadata = keys.blob(file.sha256, file.filename), keys.metadata(file.sha256, file.filename)
    delete(bucket, metadata)
    for version in bucket.client.list_object_versions(Bucket=bucket.name, Prefix=bucket.where(blob)["Key"])["Versions"]:
        if version["Key"] == bucket.where(blob)["Key"]:
            bucket.client.delete_object(**bucket.where(blob), VersionId=version["VersionId"])
    assert [(found.key, found.came_back) for found in undelete()] == [(blob, False), (metadata, True)]


def test_a_folder_keeps_no_versions(files):
    with pytest.raises(NoVersions, match="your backup of the folder"):
        list(undelete())
