"""Links are signed as botocore signs them, but as of any moment."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials

from packages_app.file_store.presign import signed

SIGNED_AT = datetime(2026, 3, 1, 12, 15, tzinfo=UTC)
PARAMETERS = {
    "ResponseCacheControl": "private, max-age=365000000, immutable",
    "ResponseContentDisposition": 'inline; filename="demo-1!2+a b.whl"',
    "ResponseContentType": "application/octet-stream",
}


@pytest.mark.parametrize("token", ["", "a+token/of=a role"], ids=["a user", "a role"])
@pytest.mark.parametrize("key", ["packages/00/demo.whl", "packages/00/demo-1!2+cu121~-_.whl", "a prefix/ü/demo.whl"])
@pytest.mark.parametrize("style", ["virtual", "path"])
def test_a_link_is_the_one_botocore_makes_at_that_moment(monkeypatch, style, key, token):
    given = {
        "region_name": "eu-central-1",
        "aws_access_key_id": "AKIDEXAMPLE",
        "aws_secret_access_key": "not/a+secret",
        "aws_session_token": token or None,
    }
    client = boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": style}), **given)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: SIGNED_AT)
    expected = client.generate_presigned_url(
        "get_object", Params={"Bucket": "a-bucket", "Key": key, **PARAMETERS}, ExpiresIn=1800
    )
    monkeypatch.undo()

    unsigned = expected[: expected.index("&X-Amz-Algorithm")]
    credentials = ReadOnlyCredentials("AKIDEXAMPLE", "not/a+secret", token or None)
    assert signed(unsigned, credentials, "eu-central-1", signed_at=SIGNED_AT, expires=1800) == expected
