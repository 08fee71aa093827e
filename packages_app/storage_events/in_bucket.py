"""Gives an object that somebody put into the bucket as a file with its digests; a large one stays in the bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from packages_app.file_store.bucket import Bucket, Object
from packages_app.file_store.entries import Blob
from packages_app.uploads import at_hand
from packages_app.uploads.candidate import Digests, Remote, hashed


@contextmanager
def in_hand(bucket: Bucket, found: Object) -> Iterator[tuple[Path | Remote, Digests]]:
    """Give an object's bytes, all of the moment when it was looked at, and their digests.

    A function's disk is small, so a large object is not copied to it: S3 says its sha256, or it is hashed as it
    streams by; then it is read by ranges, and S3 itself copies it to its place.

    Raises:
        BlobMissing: it is gone.
        ObjectChanged: it is another one by now.
        StoreUnavailable: disk or bucket refuses.
    """
    if found.size > at_hand.LARGE:
        blob = Blob(key=found.key, size=found.size, modified=found.modified, sha256=found.sha256)
        digests = at_hand.vouched(blob, ["sha256"]) or hashed(bucket.stream(found, 0, found.size)).digests()
        yield Remote(blob=blob, fetch=partial(bucket.stream, found), bring=partial(bucket.bring, found)), digests
        return
    with at_hand.copied(bucket.stream(found, 0, found.size)) as (path, hasher):
        yield path, hasher.digests()
