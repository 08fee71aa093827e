"""Downloads can come from CloudFront: by links that it checks with the public key, the same through a window."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.files.storage import storages

from packages_app.file_store import keys, links
from packages_app.file_store import write as store
from tests.unit.file_store.conftest import START, WINDOW

NAME = "demo-1!2+cu121-py3-none-any.whl"
KEY = keys.blob("0123456789abcdef" * 4, NAME)
DOMAIN = "files.example"
KEY_ID = "K2JCJMDEHXQW5F"
TYPE = "application/octet-stream"


@pytest.fixture(scope="module")
def private_key():
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def cloudfront(s3, settings, private_key):
    """The bucket behind a distribution."""
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()
    packages = settings.STORAGES["packages"]
    options = {"custom_domain": DOMAIN, "cloudfront_key_id": KEY_ID, "cloudfront_key": pem}
    changed = {**packages, "OPTIONS": {**packages["OPTIONS"], **options}}
    settings.STORAGES = {**settings.STORAGES, "packages": changed}
    return storages["packages"]


def link(key: str = KEY, filename: str = NAME) -> str:
    return links.link(key, filename=filename, content_type=TYPE)


def unsafe(text: str) -> bytes:
    """Undo CloudFront's own way of writing Base64 in an address."""
    return base64.b64decode(text.replace("-", "+").replace("_", "=").replace("~", "/"))


def test_cloudfront_can_check_the_signature(cloudfront, clock, private_key):
    address, _, query = link().partition("?")
    given = {name: values[0] for name, values in parse_qs(query).items()}
    assert given["Key-Pair-Id"] == KEY_ID
    ends = int((START + timedelta(seconds=2 * WINDOW)).timestamp())
    assert int(given["Expires"]) == ends
    policy = {"Statement": [{"Resource": address, "Condition": {"DateLessThan": {"AWS:EpochTime": ends}}}]}
    signed = json.dumps(policy, separators=(",", ":")).encode()
    # CloudFront knows no other digest than SHA-1.
    key, signature = private_key.public_key(), unsafe(given["Signature"])
    key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA1())
    with pytest.raises(InvalidSignature):
        key.verify(signature, signed.replace(b"demo", b"dame"), padding.PKCS1v15(), hashes.SHA1())


def test_the_address_is_the_object_s_and_its_name_is_quoted(cloudfront, clock):
    parts = urlsplit(link())
    location = cloudfront.location.strip("/")
    assert (parts.scheme, parts.hostname) == ("https", DOMAIN)
    prefix = f"/{location}" if location else ""
    assert parts.path == f"{prefix}/packages/{'0123456789abcdef' * 4}/demo-1%212%2Bcu121-py3-none-any.whl"
    assert "response-" not in parts.query


def test_a_link_is_the_same_all_through_its_window_and_another_in_the_next(cloudfront, clock):
    first = link()
    clock.moment = START + timedelta(seconds=WINDOW - 1)
    assert link() == first
    clock.moment = START + timedelta(seconds=WINDOW)
    assert link() != first


def test_large_pages_still_come_from_s3(cloudfront, clock):
    found = links.page_link(keys.page("0" * 64), content_type="text/html", encoding="gzip")
    assert urlsplit(found).hostname != DOMAIN
    assert "X-Amz-Signature" in found


def test_objects_say_themselves_how_long_they_can_be_kept(cloudfront):
    store.put_bytes(keys.metadata("0" * 64, "demo-1.0.tar.gz"), b"x")
    found = cloudfront.client.head_object(**cloudfront.where(keys.metadata("0" * 64, "demo-1.0.tar.gz")))
    assert found["CacheControl"] == links.IMMUTABLE
    store.put_bytes(keys.page("0" * 64), b"x")
    assert "CacheControl" not in cloudfront.client.head_object(**cloudfront.where(keys.page("0" * 64)))
