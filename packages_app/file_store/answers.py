"""Translates what S3 and its client library raise to the errors of the file store."""

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from packages_app.file_store.errors import (
    FULL,
    MISSING,
    UNAVAILABLE,
    BlobMissing,
    StoreFull,
    StoreUnavailable,
    reported,
)

# HEAD has no body: there the status stands in the code's place.
NO_SUCH_UPLOAD = "NoSuchUpload"
NO_SUCH_KEY = frozenset({"NoSuchKey", "NotFound", "404", NO_SUCH_UPLOAD, "InvalidPart"})
# Stores that speak S3 and have an end, which Amazon's has not.
NO_ROOM = frozenset({"QuotaExceeded", "InsufficientStorage", "InsufficientCapacity", "XMinioStorageFull", "507"})


def code_of(error: ClientError) -> str:
    """Return S3's code for an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_missing(error: ClientError) -> bool:
    """Return whether S3 says that there is no such object, or part of one; a missing bucket is something else."""
    return code_of(error) in NO_SUCH_KEY


@contextmanager
def writes_reported() -> Iterator[None]:
    """Translate what a write raises.

    Raises:
        StoreFull: there is no room left, here for the temporary file or there.
        StoreUnavailable: throttled, not reachable, not allowed, or no such bucket.
    """
    try:
        with reported():
            yield
    except ClientError as error:
        if code_of(error) in NO_ROOM:
            raise StoreFull(FULL) from error
        raise StoreUnavailable(UNAVAILABLE) from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreUnavailable(UNAVAILABLE) from error


@contextmanager
def reads_reported() -> Iterator[None]:
    """Translate what a read raises.

    Raises:
        BlobMissing: there is no such object.
        StoreUnavailable: throttled, not reachable, not allowed, or no such bucket.
    """
    with writes_reported():
        try:
            yield
        except ClientError as error:
            if not is_missing(error):
                raise
            raise BlobMissing(MISSING) from error
