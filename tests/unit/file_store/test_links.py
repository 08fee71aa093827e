"""A link stays the same for a window, for every process, and works for at least one window more."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.config import Config
from django.core.files.storage import storages

from packages_app.file_store import keys, links
from packages_app.file_store.errors import BadKey, StoreUnavailable
from tests.unit.file_store.conftest import START, WINDOW

NAME = "demo-1!2+cu121-py3-none-any.whl"
KEY = keys.blob("0123456789abcdef" * 4, NAME)
TYPE = "application/octet-stream"


def link(key=KEY, filename=NAME, content_type=TYPE):
    return links.link(key, filename=filename, content_type=content_type)


def query(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_there_is_no_link_where_the_server_sends_the_bytes(local):
    assert link() is None


def test_a_link_is_the_same_all_through_its_window_and_another_in_the_next(s3, clock):
    first = link()
    clock.moment = START + timedelta(seconds=WINDOW, microseconds=-1)
    assert link() == first
    clock.moment = START + timedelta(seconds=WINDOW)
    assert link() != first


def test_a_link_works_for_one_window_after_the_last_moment_it_is_handed_out(s3, clock):
    clock.moment = START + timedelta(seconds=WINDOW - 1)
    asked = query(link())
    signed_at = datetime.strptime(asked["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert signed_at == START
    assert signed_at + timedelta(seconds=int(asked["X-Amz-Expires"])) >= clock.moment + timedelta(seconds=WINDOW)


def test_another_process_makes_the_same_link(s3, clock, settings):
    first = link()
    settings.STORAGES = dict(settings.STORAGES)  # the storage, its session and clients are made anew
    assert storages["packages"] is not s3
    assert link() == first


def test_a_link_is_the_one_botocore_makes_at_the_window_s_start(s3, clock, monkeypatch):
    client = boto3.client(
        "s3", region_name="eu-central-1", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    )
    with monkeypatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: START)
        expected = client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": "packages-bucket",
                "Key": f"team/index/{KEY}",
                "ResponseCacheControl": "private, max-age=365000000, immutable",
                "ResponseContentDisposition": f'inline; filename="{NAME}"',
                "ResponseContentType": TYPE,
            },
            ExpiresIn=2 * WINDOW,
        )
    clock.moment = START + timedelta(seconds=100)
    assert link() == expected


def test_a_link_names_the_region_and_what_the_answer_shall_say(s3, clock):
    url = link()
    assert urlsplit(url).hostname == "packages-bucket.s3.eu-central-1.amazonaws.com"
    assert urlsplit(url).path == f"/team/index/{KEY}".replace("+", "%2B").replace("!", "%21")
    asked = query(url)
    assert asked["response-cache-control"] == "private, max-age=365000000, immutable"
    assert asked["response-content-type"] == TYPE
    assert asked["response-content-disposition"] == f'inline; filename="{NAME}"'
    assert asked["X-Amz-SignedHeaders"] == "host"


def test_a_role_s_token_is_part_of_the_link(s3, clock, settings, monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a+token/of=a role")
    settings.STORAGES = dict(settings.STORAGES)
    assert query(link())["X-Amz-Security-Token"] == "a+token/of=a role"


def test_another_store_s_links_are_plain_paths_on_its_address(s3, clock, settings, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://s3.store.example:9000")
    settings.STORAGES = dict(settings.STORAGES)
    assert link().startswith("http://s3.store.example:9000/packages-bucket/team/index/packages/")


def test_no_link_lives_longer_than_signatures_may(s3, clock, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "link_window": 30 * 24 * 3600}
    assert int(query(link())["X-Amz-Expires"]) == 7 * 24 * 3600


def test_what_lies_beside_a_file_has_links_too(s3, clock):
    assert link(key=KEY + ".metadata", filename=NAME + ".metadata", content_type="text/plain; charset=utf-8")


@pytest.mark.parametrize("name", ["", "a/b.whl", 'a".whl', "a.whl\r\nX: y", "é.whl"])
def test_a_name_that_could_break_out_of_a_header_is_refused(local, name):
    with pytest.raises(BadKey):
        link(filename=name)


def test_a_key_that_leads_elsewhere_is_refused(local):
    with pytest.raises(BadKey):
        link(key="../other/object")


def test_without_credentials_the_store_is_unavailable(s3, clock, settings, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    settings.STORAGES = dict(settings.STORAGES)
    with pytest.raises(StoreUnavailable):
        link()


def test_an_upload_link_binds_the_length_and_the_digest(s3, monkeypatch):
    key = keys.staged("0" * 32, "ab" * 32, "demo-1.0+cu121.tar.gz")
    made = links.upload_link(key, size=7, sha256="ab" * 32, expires=10**9)
    said = parse_qs(urlsplit(made.url).query)
    assert said["X-Amz-SignedHeaders"] == ["content-length;content-type;host;x-amz-checksum-sha256"]
    assert said["X-Amz-Expires"] == [str(links.LONGEST_LINK)]
    assert made.headers["Content-Length"] == "7"
    assert b64decode(made.headers["x-amz-checksum-sha256"]).hex() == "ab" * 32
    assert unquote(urlsplit(made.url).path).endswith(f"/{key}")


def test_a_folder_has_no_upload_links(local):
    assert links.upload_link(keys.blob("0" * 64, "demo.whl"), size=7, sha256="ab" * 32, expires=60) is None
