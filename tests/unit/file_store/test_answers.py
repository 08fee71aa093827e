"""What S3 says becomes a domain error with a stable code."""

import pytest
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError

from packages_app.errors import Unavailable
from packages_app.file_store.answers import reads_reported, writes_reported
from packages_app.file_store.errors import BlobMissing


def refusal(code):
    return ClientError({"Error": {"Code": code, "Message": "arn:aws:iam::1:role/secret"}}, "PutObject")


CODES = {
    "SlowDown": "store-unavailable",
    "ServiceUnavailable": "store-unavailable",
    "InternalError": "store-unavailable",
    "AccessDenied": "store-unavailable",
    "403": "store-unavailable",
    "NoSuchBucket": "store-unavailable",
    "BadDigest": "store-unavailable",
    "ExpiredToken": "store-unavailable",
    "QuotaExceeded": "store-full",
    "507": "store-full",
}


@pytest.mark.parametrize("manager", [reads_reported, writes_reported])
@pytest.mark.parametrize(("said", "code"), CODES.items(), ids=CODES)
def test_a_refusal_has_a_code(manager, said, code):
    with pytest.raises(Unavailable) as caught, manager():
        raise refusal(said)
    assert caught.value.code == code
    assert "arn" not in str(caught.value)
    assert isinstance(caught.value.__cause__, ClientError)


@pytest.mark.parametrize("said", ["NoSuchKey", "404", "NotFound"])
def test_what_is_not_there_is_missing_for_a_reader_only(said):
    with pytest.raises(BlobMissing), reads_reported():
        raise refusal(said)
    with pytest.raises(Unavailable), writes_reported():
        raise refusal(said)


TROUBLES = {
    "no connection": EndpointConnectionError(endpoint_url="https://s3.example"),
    "a time-out": ReadTimeoutError(endpoint_url="https://s3.example"),
    "no credentials": NoCredentialsError(),
    "a failed transfer": S3UploadFailedError("failed"),
    "a full temporary folder": OSError(28, "No space left on device"),
}


@pytest.mark.parametrize("manager", [reads_reported, writes_reported])
@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_the_store_is_unavailable_on(manager, trouble):
    with pytest.raises(Unavailable), manager():
        raise trouble


def test_other_errors_pass():
    with pytest.raises(KeyError), reads_reported():
        raise KeyError("a bug")
