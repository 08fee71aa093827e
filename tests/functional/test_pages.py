"""Pages for people, as a browser asks for them."""

import gzip
import re

import pytest
from django.urls import set_script_prefix

pytestmark = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)  # pages differ by no home

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PIP = {"accept": "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01"}


@pytest.fixture
def under_a_stage():
    """Let requests come under a prefix, as from a gateway; Django's server sets it for each, its client does not."""
    set_script_prefix("/dev/")
    yield
    set_script_prefix("/")


def test_home_says_how_to_install_and_publish_under_the_address_it_was_reached_by(client, auth, under_a_stage):
    answer = client.get("/", headers=auth)
    assert answer.status_code == 200
    assert "pip install --index-url http://testserver/dev/simple/" in answer.text
    assert "http://testserver/dev/legacy/" in answer.text
    assert "UV_INDEX_PRIVATE_USERNAME=__token__" in answer.text


@pytest.mark.parametrize("path", ["/", "/search/?q=acme", "/project/nothing/", "/project/nothing/1.0/"])
def test_who_is_nobody_is_sent_to_sign_in_with_a_browser_and_told_401_otherwise(client, path):
    sent = client.get(path, headers=BROWSER)
    assert (sent.status_code, sent["Location"][:24]) == (302, "/account/sign-in/?next=%2F"[:24])
    for accept in ("*/*", "application/json", ""):
        told = client.get(path, headers={"accept": accept})
        assert (told.status_code, "Sign in" in told.text, "WWW-Authenticate" in told) == (401, True, True)


def test_pages_load_nothing_from_elsewhere_and_run_nothing(client, auth):
    answer = client.get("/", headers=auth)
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';")
    assert "<script" not in answer.text
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)


def test_pages_are_kept_for_nobody_else(client, auth):
    answer = client.get("/", headers=auth)
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer["Vary"]


def test_pages_are_compressed(client, auth):
    answer = client.get("/", headers={**auth, "accept-encoding": "gzip"})
    assert b"<h1>" in gzip.decompress(answer.content)


def test_the_style_sheet_is_kept_for_ever_under_its_digest_and_revalidated_under_another(client, auth):
    link = re.search(r'href="(/static/[^"]+\.css)"', client.get("/", headers=auth).text)[1]
    answer = client.get(link)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer["Cache-Control"]
    other = client.get(re.sub(r"/static/[0-9a-f]+", "/static/another", link))
    assert other["Cache-Control"] == "public, no-cache"
    assert client.get(link, headers={"if-none-match": other["ETag"]}).status_code == 304
    packed = client.get(link, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(packed.content) == answer.content
    assert packed["ETag"] != answer["ETag"]


@pytest.mark.parametrize("path", ["/static/0/nothing.css", "/static/0/../settings.py", "/static/0/packages_app/"])
def test_there_are_no_other_static_files(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        pytest.param("/nowhere", 404, "There is nothing at this address.", id="no such address"),
        pytest.param("/simple/demo/", 404, "no project named demo", id="no such project"),
        pytest.param("/legacy/", 405, "POST", id="a method it does not do"),
    ],
)
def test_a_browser_is_shown_a_page_that_says_what_to_do(client, auth, path, status, says):
    answer = client.get(path, headers={**auth, **BROWSER})
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert says in answer.text
    assert 'href="/"' in answer.text
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [{}, PIP, {"accept": "*/*"}], ids=["without a wish", "pip", "anything"])
def test_a_client_is_told_the_sentence_only(client, auth, headers):
    answer = client.get("/simple/demo/", headers={**auth, **headers})
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")


def test_somebody_with_an_old_password_is_told_so_on_a_page(client, auth):
    answer = client.get("/", headers={"authorization": "Basic eDp5", **BROWSER})
    assert answer.status_code == 401
    assert "wrong" in answer.text


def test_what_a_stranger_sent_is_escaped_in_the_page(client, auth):
    answer = client.get("/simple/<script>alert(1)</script>/", headers={**auth, **BROWSER})
    assert answer.status_code == 404
    assert "<script>" not in answer.text
