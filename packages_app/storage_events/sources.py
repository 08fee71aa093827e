"""Where distributions can be adopted from: a folder, or a bucket of whatever layout; both are only read."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from packages_app.file_store import keys
from packages_app.file_store.bucket import Bucket, own
from packages_app.file_store.errors import BlobMissing, StoreUnavailable
from packages_app.storage_events.errors import SourceUnreadable

CHUNK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A file that could be adopted."""

    place: str
    """Its key, or its path within the folder."""
    size: int
    """Bytes."""
    modified: datetime
    """In UTC."""

    @property
    def filename(self) -> str:
        """The last part of its place."""
        return self.place.rpartition("/")[2]


class Source(Protocol):
    """Something that holds files."""

    def walk(self) -> Iterator[Offered]:
        """Yield every file.

        Raises:
            SourceUnreadable: it cannot be listed.
        """

    def reading(self, offered: Offered) -> AbstractContextManager[Iterator[bytes]]:
        """Give a file's bytes.

        Raises:
            SourceUnreadable: it cannot be read, also in the middle.
        """


class Folder:
    """A folder of this machine, with what lies in the folders below."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def walk(self) -> Iterator[Offered]:
        """Yield every file, folder by folder."""

        def refuse(error: OSError) -> None:
            raise SourceUnreadable(f"The folder {error.filename} cannot be read: {error.strerror}.") from error

        for folder, below, names in os.walk(self.root, onerror=refuse):
            below.sort()
            for name in sorted(names):
                path = Path(folder, name)
                if path.is_file():
                    status = path.stat()
                    yield Offered(
                        place=path.relative_to(self.root).as_posix(),
                        size=status.st_size,
                        modified=datetime.fromtimestamp(status.st_mtime, tz=UTC),
                    )

    @contextmanager
    def reading(self, offered: Offered) -> Iterator[Iterator[bytes]]:
        """Give a file's bytes."""
        with refusals(offered):
            opened = (self.root / offered.place).open("rb")
        with opened:
            yield parts(opened.read, offered)


class Objects:
    """A bucket, or what of it has keys that begin so; what this index keeps there for itself is left out."""

    def __init__(self, bucket: Bucket, begins: str = "") -> None:
        self.bucket = bucket
        self.begins = begins
        here = own()
        self.here = here if here is not None and here.name == bucket.name else None

    def walk(self) -> Iterator[Offered]:
        """Yield every object, a page of the listing at a time."""
        listing = self.bucket.walk(self.begins)
        while True:
            try:
                found = next(listing, None)
            except (StoreUnavailable, BlobMissing) as error:
                raise SourceUnreadable(f"The bucket {self.bucket.name} cannot be listed: {reason(error)}.") from error
            if found is None:
                return
            if not found.key.endswith("/") and not self.is_own(found.key):
                yield Offered(place=found.key, size=found.size, modified=found.modified)

    def is_own(self, key: str) -> bool:
        """Return whether this index put the object there."""
        inside = None if self.here is None else self.here.inside(key)
        return inside is not None and inside.partition("/")[0] in keys.RESERVED

    @contextmanager
    def reading(self, offered: Offered) -> Iterator[Iterator[bytes]]:
        """Give an object's bytes."""
        with ExitStack() as answer:
            with refusals(offered):
                _, chunks = answer.enter_context(self.bucket.reading(offered.place))
            yield parts(lambda _: next(chunks, b""), offered)


def parts(read: "Reader", offered: Offered) -> Iterator[bytes]:
    """Yield bytes until there are no more.

    Raises:
        SourceUnreadable: there should be more, and they cannot be read.
    """
    while True:
        with refusals(offered):
            data = read(CHUNK)
        if not data:
            return
        yield data


class Reader(Protocol):
    """Reads on."""

    def __call__(self, size: int, /) -> bytes:
        """Return at most ``size`` further bytes; nothing at the end."""


@contextmanager
def refusals(offered: Offered) -> Iterator[None]:
    """Tell what a source says no to; wrap only reads of the source in this, so that faults of the index stay apart.

    Raises:
        SourceUnreadable: it said no.
    """
    try:
        yield
    except BlobMissing as error:
        raise SourceUnreadable(f"{offered.place} went in the meantime.") from error
    except StoreUnavailable as error:
        raise SourceUnreadable(f"{offered.place} cannot be read: {reason(error)}.") from error
    except OSError as error:
        raise SourceUnreadable(f"{offered.place} cannot be read: {error.strerror}.") from error


def reason(error: Exception) -> str:
    """Return what stood behind an error of the store, in a few words."""
    cause = error.__cause__ or error
    if isinstance(cause, ClientError):
        return str(cause.response.get("Error", {}).get("Code", "")) or "S3 refuses"
    return type(cause).__name__


def filenames_in_table(name: str) -> Iterator[str]:
    """Yield the file names that an elasticpypi table lists (its partition key), however many they are.

    Raises:
        SourceUnreadable: the table cannot be read.
    """
    # These tables were made with one read a second: patience, not speed.
    config = Config(retries={"mode": "adaptive", "total_max_attempts": 12})
    try:
        pages = boto3.client("dynamodb", config=config).get_paginator("scan")
        for page in pages.paginate(TableName=name, ProjectionExpression="package_name"):
            for item in page["Items"]:
                if "S" in item.get("package_name", {}):
                    yield item["package_name"]["S"]
    except (ClientError, BotoCoreError) as error:
        raise SourceUnreadable(f"The table {name} cannot be read: {reason(error)}.") from error
