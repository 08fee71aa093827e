"""Brings back listed files whose objects were deleted from a versioned bucket, which only hides them."""

from collections.abc import Iterator
from dataclasses import dataclass

from packages_app.catalogue import read as catalogue
from packages_app.file_store import bucket as buckets
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store.answers import reads_reported
from packages_app.file_store.bucket import Bucket
from packages_app.file_store.errors import BlobMissing
from packages_app.storage_events import sidecars
from packages_app.storage_events.entries import Progress, silent
from packages_app.storage_events.errors import NoVersions


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An object that a listed file needs and that is not there."""

    key: str
    came_back: bool
    """Whether it is there now."""


def undelete(progress: Progress = silent) -> Iterator[Missing]:
    """Yield each missing object of every listed file, and uncover those that the bucket still has.

    Raises:
        NoVersions: files are kept in a folder, which keeps nothing of what is removed.
        StoreUnavailable: the bucket refuses.
    """
    bucket = buckets.own()
    if bucket is None:
        raise NoVersions("Files in a folder have no versions: copy them back from your backup of the folder.")
    for number, project in enumerate(catalogue.listed(), 1):
        progress("projects", number, 0)
        for file in catalogue.files(project.name):
            for key in (keys.blob(file.sha256, file.filename), *sidecars.wanted(file)):
                if is_missing(key):
                    yield Missing(key=key, came_back=uncovered(bucket, key))


def is_missing(key: str) -> bool:
    """Return whether there is no such object."""
    try:
        store.stat(key)
    except BlobMissing:
        return True
    return False


def uncovered(bucket: Bucket, key: str) -> bool:
    """Remove the markers that hide an object's newest version; return whether there is one."""
    full = bucket.where(key)["Key"]
    with reads_reported():
        found = bucket.client.list_object_versions(Bucket=bucket.name, Prefix=full)
        if not any(version["Key"] == full for version in found.get("Versions", ())):
            return False
        for marker in found.get("DeleteMarkers", ()):
            if marker["Key"] == full:
                bucket.client.delete_object(**bucket.where(key), VersionId=marker["VersionId"])
    return True
