"""Objects of a bucket under whatever keys people gave them: listed, read, and moved or removed while still the same.

The index's own blobs are read and written by `read` and `write`; this is for what others put into a bucket.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import boto3
from botocore.exceptions import ClientError
from django.core.files.storage import storages

from packages_app.file_store import keys
from packages_app.file_store.answers import code_of, reads_reported
from packages_app.file_store.errors import ObjectChanged
from packages_app.file_store.storage import ALIAS

CHUNK = 1024 * 1024
CHANGED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412"})


@dataclass(frozen=True, kw_only=True)
class Object:
    """An object as it was when it was looked at."""

    key: str
    """Without the bucket's prefix."""
    size: int
    """Bytes."""
    modified: datetime
    """In UTC; S3 keeps whole seconds."""
    etag: str
    sha256: str = ""
    """What S3 itself compared the bytes with; empty where nobody did, or a listing does not tell."""


class Bucket:
    """A bucket, or what of it lies under a prefix."""

    def __init__(self, client: Any, name: str, prefix: str = "") -> None:  # noqa: ANN401 - botocore makes clients' classes while it runs
        self.client = client
        self.name = name
        self.prefix = prefix

    def inside(self, full: str) -> str | None:
        """Return a key without the prefix, or None when it lies outside."""
        return full.removeprefix(self.prefix) if full.startswith(self.prefix) else None

    def where(self, key: str) -> dict[str, str]:
        """Return the parameters that name an object."""
        return {"Bucket": self.name, "Key": self.prefix + key}

    def walk(self, under: str = "") -> Iterator[Object]:
        """Yield the objects whose keys begin so, a page of the listing at a time, in S3's order.

        Raises:
            StoreUnavailable: the bucket refuses, or there is none.
        """
        pages = iter(
            self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.prefix + under)
        )
        while True:
            with reads_reported():
                page = next(pages, None)
            if page is None:
                return
            for found in page.get("Contents", ()):
                yield Object(
                    key=found["Key"].removeprefix(self.prefix),
                    size=found["Size"],
                    modified=found["LastModified"].astimezone(UTC),
                    etag=found["ETag"],
                )

    def look(self, key: str) -> Object:
        """Return an object's record, and nothing of its bytes.

        Raises:
            BlobMissing: there is no such object.
            StoreUnavailable: the bucket refuses.
        """
        from packages_app.file_store.s3 import vouched  # noqa: PLC0415 - django-storages is only loaded where S3 is used

        with reads_reported():
            answer = self.client.head_object(**self.where(key), ChecksumMode="ENABLED")
        return Object(
            key=key,
            size=answer["ContentLength"],
            modified=answer["LastModified"].astimezone(UTC),
            etag=answer["ETag"],
            sha256=vouched(answer),
        )

    def stream(self, found: Object, start: int, length: int) -> Iterator[bytes]:
        """Yield bytes of an object from a place on, if it is still the one that was looked at.

        Raises:
            BlobMissing: it is gone.
            ObjectChanged: it is another one by now.
            StoreUnavailable: the bucket refuses; also in the middle.
        """
        ranged = f"bytes={start}-{start + length - 1}"
        with reads_reported(), changes_reported():
            answer = self.client.get_object(**self.where(found.key), Range=ranged, IfMatch=found.etag)
        with closing(answer["Body"]) as body:
            yield from chunks(body)

    @contextmanager
    def reading(self, key: str) -> Iterator[tuple[Object, Iterator[bytes]]]:
        """Give an object's record and its bytes; both are of one moment, whoever replaces the object meanwhile.

        Raises:
            BlobMissing: there is no such object.
            StoreUnavailable: the bucket refuses; also in the middle.
        """
        with reads_reported():
            answer = self.client.get_object(**self.where(key))
        found = Object(
            key=key,
            size=answer["ContentLength"],
            modified=answer["LastModified"].astimezone(UTC),
            etag=answer["ETag"],
        )
        try:
            yield found, chunks(answer["Body"])
        finally:
            answer["Body"].close()

    def move(self, found: Object, target: str) -> None:
        """Move an object to another key of this bucket, if it is still the one that was read.

        Raises:
            BlobMissing: it is gone.
            ObjectChanged: it is another one by now.
            StoreUnavailable: the bucket refuses.
        """
        self.copy(found, self.where(target))
        self.remove(found)

    def bring(self, found: Object, target: str) -> None:
        """Have S3 copy an object of the index's own bucket to where a blob lies, if it is still the one looked at.

        Raises:
            BadKey: the target is no blob's key.
            BlobMissing: it is gone.
            ObjectChanged: it is another one by now.
            StoreUnavailable: the bucket refuses.
        """
        keys.check(target)
        storage: Any = storages[ALIAS]
        # Whoever put the object there may have called it gzip-encoded, and clients would unpack it on the way.
        own_headers = {"MetadataDirective": "REPLACE", **storage.get_object_parameters(target)}
        self.copy(found, storage.where(target), own_headers)

    def copy(self, found: Object, target: dict[str, str], arguments: Mapping[str, str] = MappingProxyType({})) -> None:
        """Have S3 copy an object, in parts when it is large, as S3 copies at most 5 GB in one request."""
        from packages_app.file_store.s3 import COPIES  # noqa: PLC0415 - django-storages is only loaded where S3 is used

        extra = {**arguments, "CopySourceIfMatch": found.etag}
        with reads_reported(), changes_reported():
            self.client.copy(self.where(found.key), **target, ExtraArgs=extra, Config=COPIES)

    def remove(self, found: Object) -> None:
        """Delete an object, if it is still the one that was read; a versioned bucket keeps it behind a delete marker.

        Raises:
            BlobMissing: it is gone.
            ObjectChanged: it is another one by now.
            StoreUnavailable: the bucket refuses.
        """
        with reads_reported(), changes_reported():
            self.client.delete_object(**self.where(found.key), IfMatch=found.etag)


def own() -> Bucket | None:
    """Return the index's own bucket, under its prefix; None where files are kept in a folder."""
    storage: Any = storages[ALIAS]
    name = getattr(storage, "bucket_name", None)
    if not name:
        return None
    location = str(storage.location).strip("/")
    return Bucket(storage.client, name, f"{location}/" if location else "")


def other(name: str) -> Bucket:
    """Return any bucket, with the credentials of whoever runs this."""
    from packages_app.file_store.s3 import CONFIG  # noqa: PLC0415 - django-storages is only loaded where S3 is used

    return Bucket(boto3.client("s3", config=CONFIG), name)


def chunks(body: Any) -> Iterator[bytes]:  # noqa: ANN401 - botocore's streams have no types
    """Yield the bytes of an answer; one that is cut short is an error, as botocore counts them."""
    while True:
        with reads_reported():
            data = body.read(CHUNK)
        if not data:
            return
        yield data


@contextmanager
def changes_reported() -> Iterator[None]:
    """Translate what S3 says when a condition on an object's ETag does not hold.

    Raises:
        ObjectChanged: it does not.
    """
    try:
        yield
    except ClientError as error:
        if code_of(error) not in CHANGED:
            raise
        raise ObjectChanged("The object was replaced by another one meanwhile.") from error
