"""A page that is too large for one answer is read from the bucket, whole, and its links lead back to the index."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import requests

from packages_app.file_store import bucket as buckets
from packages_app.file_store import keys
from packages_app.simple_api import large
from tests.factories import make_wheel, sha256

IN_BUCKET = pytest.mark.parametrize("home", ["dynamodb and s3"], indirect=True)
JSON, HTML = "application/vnd.pypi.simple.v1+json", "text/html"
LIMIT = 1500
FILES = dict(make_wheel("demo", f"1.{number}") for number in range(12))
WHERE = {"SCRIPT_NAME": "/dev", "HTTP_HOST": "packages.localhost"}
BASE = "http://packages.localhost/dev/"

pytestmark = IN_BUCKET


@pytest.fixture
def pages(client, auth, publish, configure, settings):
    """Ask for a page under the limit: ``pages("/simple/demo/", accept, encoding)``."""
    settings.ALLOWED_HOSTS = ["*"]
    for filename, data in FILES.items():
        assert publish(filename, data).status_code == 200

    def ask(path: str, accept: str = JSON, encoding: str = "identity", *, limit: int = LIMIT, method="get", **extra):
        configure(largest_answer=limit)
        headers = {**auth, "accept": accept, "accept-encoding": encoding, **extra.pop("headers", {})}
        return getattr(client, method)(path, headers=headers, **WHERE, **extra)

    return ask


def followed(answer) -> requests.Response:
    """Follow a redirect to the bucket, as a client does."""
    assert answer.status_code == 302, answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    assert "ETag" not in answer.headers
    found = requests.get(answer.headers["Location"], timeout=10)
    assert found.status_code == 200, found.text
    return found


def test_a_project_s_page_in_json_is_whole_and_leads_back(pages):
    page = followed(pages("/simple/demo/"))
    assert page.headers["Content-Type"] == JSON
    assert page.headers["Cache-Control"] == "private, no-cache"
    shown = json.loads(page.content)["files"]
    assert {file["url"] for file in shown} == {f"{BASE}packages/{sha256(data)}/{name}" for name, data in FILES.items()}
    small = pages("/simple/demo/", limit=0).json()
    strip = "../../"
    assert [{**file, "url": file["url"].removeprefix(BASE)} for file in shown] == [
        {**file, "url": file["url"].removeprefix(strip)} for file in small["files"]
    ]


def test_a_project_s_page_in_html_is_whole_and_leads_back(pages):
    page = followed(pages("/simple/demo/", HTML))
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    found = re.findall(r'href="([^"#]+)#', page.text)
    assert set(found) == {f"{BASE}packages/{sha256(data)}/{name}" for name, data in FILES.items()}


@pytest.mark.parametrize("accept", [HTML, JSON])
def test_the_list_of_projects_is_whole_and_leads_back(pages, accept):
    page = followed(pages("/simple/", accept, limit=50))
    assert "demo" in page.text
    if accept == HTML:
        assert f'href="{BASE}simple/demo/"' in page.text


def test_an_encoded_page_says_how_it_is_encoded(pages):
    answer = pages("/simple/demo/", encoding="gzip", limit=300)
    assert "response-content-encoding=gzip" in answer.headers["Location"]
    (stored,) = list(buckets.own().walk("pages/"))
    with buckets.own().reading(stored.key) as (_, data):
        page = json.loads(gzip.decompress(b"".join(data)))
    assert len(page["files"]) == len(FILES)


def test_a_page_that_fits_once_it_is_compressed_is_answered(pages):
    answer = pages("/simple/demo/", encoding="gzip", limit=3000)
    assert answer.status_code == 200
    assert len(pages("/simple/demo/", limit=0).content) > 3000


def test_who_has_the_page_already_is_told_so(pages):
    etag = pages("/simple/demo/", limit=0).headers["ETag"]
    assert pages("/simple/demo/", headers={"if-none-match": etag}).status_code == 304


def test_a_head_is_answered_here(pages):
    answer = pages("/simple/demo/", method="head")
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) > LIMIT


def test_a_page_is_stored_once_and_its_link_stays_the_same(pages):
    first = pages("/simple/demo/")
    before = {found.key: found.modified for found in buckets.own().walk("pages/")}
    assert pages("/simple/demo/").headers["Location"] == first.headers["Location"]
    assert {found.key: found.modified for found in buckets.own().walk("pages/")} == before
    assert len(before) == 1


def test_an_old_page_is_put_again_before_its_lifecycle_ends(pages, monkeypatch):
    pages("/simple/demo/")
    (before,) = list(buckets.own().walk("pages/"))
    assert large.is_there(before.key)
    monkeypatch.setattr(large, "FRESH", timedelta(0))
    assert not large.is_there(before.key)
    assert not large.is_there(keys.page("0" * 64))
    pages("/simple/demo/")
    (after,) = list(buckets.own().walk("pages/"))
    assert after.modified >= before.modified
    assert after.modified <= datetime.now(UTC)


def test_a_change_is_another_page(pages, publish):
    first = pages("/simple/demo/").headers["Location"]
    filename, data = make_wheel("demo", "2.0")
    publish(filename, data)
    second = pages("/simple/demo/")
    assert second.headers["Location"].partition("?")[0] != first.partition("?")[0]
    assert filename in followed(second).text


def test_nobody_is_sent_there_without_credentials(pages, client, configure):
    pages("/simple/demo/")
    configure(largest_answer=LIMIT)
    assert client.get("/simple/demo/", **WHERE).status_code == 401
