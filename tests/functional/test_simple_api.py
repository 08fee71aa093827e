"""The pages that installers read, with the headers that their caches and resolvers depend on."""

import gzip
import json
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import pytest
import zstandard
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.simple_api import as_json, views
from packages_app.tables import base
from tests.factories import make_sdist, make_wheel, metadata, sha256

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
PIP = f"{JSON}, {HTML}; q=0.1, text/html; q=0.01"
OPERATOR = Change(actor="operator", source="test")
PAGES = ["/simple/", "/simple/demo/"]
# What a test looks at is the same in every home.
ANY_HOME = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


@pytest.fixture
def demo(publish) -> tuple[str, bytes]:
    """A published wheel."""
    filename, data = make_wheel()
    assert publish(filename, data).status_code == 200
    return filename, data


@pytest.fixture
def page(get):
    """Read a page's JSON."""

    def load(path: str) -> dict:
        answer = get(path, accept=JSON)
        assert answer.status_code == 200
        return json.loads(answer.content)

    return load


@pytest.fixture
def requests_made(monkeypatch) -> list[str]:
    """The operations that the catalogue is asked for from now on."""
    made = []
    connection = base.connection()
    ask = connection._make_api_call

    def count(operation, *args, **kwargs):
        made.append(operation)
        return ask(operation, *args, **kwargs)

    monkeypatch.setattr(connection, "_make_api_call", count)
    return made


# --- What a page says -----------------------------------------------------------------------------------------------


def test_a_project_page_tells_everything_about_its_files(publish, page):
    core = metadata("demo", "1.0", requires_python=">=3.9")
    wheel, wheel_data = make_wheel(core=core)
    sdist, sdist_data = make_sdist("demo", "0.9")
    publish(wheel, wheel_data)
    publish(sdist, sdist_data)
    shown = page("/simple/demo/")
    assert (shown["name"], shown["versions"]) == ("demo", ["0.9", "1.0"])
    assert shown["meta"] == {"api-version": "1.4", "_last-serial": read.project("demo").serial}
    assert shown["project-status"] == {"status": "active"}
    first, second = shown["files"]
    assert (first["filename"], first["core-metadata"]) == (sdist, False)
    assert (second["filename"], second["core-metadata"]) == (wheel, {"sha256": sha256(core)})
    assert second["data-dist-info-metadata"] == second["core-metadata"]
    assert second["hashes"] == {"sha256": sha256(wheel_data)}
    assert (second["size"], second["requires-python"], second["yanked"]) == (len(wheel_data), ">=3.9", False)
    assert second["provenance"] is None
    assert datetime.strptime(second["upload-time"], "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007 - the Z is in the format


@ANY_HOME
def test_links_lead_to_the_bytes_and_the_metadata_behind_any_prefix(publish, page):
    core = metadata("demo", "1.0+cu121")
    filename, data = make_wheel("demo", "1.0+cu121", core=core)
    publish(filename, data)
    (file,) = page("/simple/demo/")["files"]
    url = urljoin("https://index.example/dev/simple/demo/", file["url"])
    assert url == f"https://index.example/dev/packages/{sha256(data)}/demo-1.0%2Bcu121-py3-none-any.whl"


@ANY_HOME
def test_the_html_page_has_its_version_hash_and_metadata(demo, get):
    filename, data = demo
    text = get("/simple/demo/", accept="text/html").content.decode()
    assert text.startswith("<!DOCTYPE html>\n")
    assert '<meta name="pypi:repository-version" content="1.4">' in text
    assert f'href="../../packages/{sha256(data)}/{filename}#sha256={sha256(data)}"' in text
    assert f'data-core-metadata="sha256={sha256(metadata())}"' in text


def test_the_root_lists_every_project(publish, page, get):
    empty = page("/simple/")
    assert empty["projects"] == []
    assert empty["meta"]["_last-serial"] > 0
    for name in ("zeta", "Alpha.Beta", "mid"):
        publish(*make_wheel(name, core=metadata(name)))
    shown = page("/simple/")
    assert [project["name"] for project in shown["projects"]] == ["alpha-beta", "mid", "zeta"]
    assert shown["meta"]["_last-serial"] == max(project["_last-serial"] for project in shown["projects"])
    assert b'<a href="alpha-beta/">alpha-beta</a>' in get("/simple/").content


def test_a_project_with_many_files_lists_all(publish, page):
    for number in range(25):
        publish(*make_wheel("demo", f"1.{number}"))
    shown = page("/simple/demo/")
    assert shown["versions"] == [f"1.{number}" for number in range(25)]
    assert len(shown["files"]) == 25


def test_a_yanked_file_says_why_and_stays(demo, page, get):
    write.set_yanked("demo", demo[0], yanked=True, reason="<script>broken</script>", change=OPERATOR)
    (file,) = page("/simple/demo/")["files"]
    assert file["yanked"] == "<script>broken</script>"
    text = get("/simple/demo/").content
    assert b'data-yanked="&lt;script&gt;broken&lt;/script&gt;"' in text
    assert b"<script" not in text


def test_a_quarantined_project_offers_no_files(demo, page):
    write.set_status("demo", Status.QUARANTINED, reason="looked at", change=OPERATOR)
    shown = page("/simple/demo/")
    assert (shown["files"], shown["versions"]) == ([], [])
    assert shown["project-status"] == {"status": "quarantined", "reason": "looked at"}


# --- Formats --------------------------------------------------------------------------------------------------------


@ANY_HOME
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        pytest.param(PIP, JSON, id="pip"),
        pytest.param("application/vnd.pypi.simple.latest+json", JSON, id="the latest JSON"),
        pytest.param("application/vnd.pypi.simple.latest+html", HTML, id="the latest HTML"),
        pytest.param("text/html", "text/html; charset=utf-8", id="HTML"),
        pytest.param("*/*", "text/html; charset=utf-8", id="anything"),
        pytest.param(None, "text/html; charset=utf-8", id="nothing"),
    ],
)
def test_the_content_type_is_the_real_one(demo, get, path, accept, content_type):
    answer = get(path, accept=accept) if accept else get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)


@ANY_HOME
@pytest.mark.parametrize("parameter", [JSON, JSON.replace("+", "%2B")])
def test_the_format_can_be_named_in_the_url(demo, get, parameter):
    answer = get(f"/simple/demo/?format={parameter}", accept="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (200, JSON)


@ANY_HOME
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("/simple/demo/", {"accept": "application/x-none"}, id="an unknown type"),
        pytest.param("/simple/", {"accept": "*/*;q=0"}, id="no type at all"),
        pytest.param("/simple/demo/?format=json", {}, id="an unknown format in the URL"),
        pytest.param("/simple/demo/", {"accept_encoding": "*;q=0"}, id="no encoding at all"),
    ],
)
def test_what_there_is_not_is_not_acceptable(demo, get, path, headers):
    answer = get(path, **headers)
    assert answer.status_code == 406
    assert answer["Content-Type"].startswith("text/plain")


@ANY_HOME
@pytest.mark.parametrize("accept", ["text/html;x*=nope''a", "////,;;q=,\xff", "text/html;q=nan", "," * 500])
def test_a_malformed_accept_header_is_no_failure(demo, get, accept):
    assert get("/simple/demo/", accept=accept).status_code in (200, 406)


# --- Headers and caches ---------------------------------------------------------------------------------------------


@ANY_HOME
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_a_page_has_every_header_that_clients_need(demo, get, path, encoding):
    answer = get(path, accept=JSON, accept_encoding=encoding)
    assert answer["ETag"].startswith('"')
    assert answer["Vary"] == "Accept, Accept-Encoding"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-PyPI-Last-Serial"] == str(read.project("demo").serial)
    assert answer.get("Content-Encoding", "identity") == encoding


@ANY_HOME
def test_compressed_pages_are_the_same_page(demo, get):
    plain = get("/simple/demo/", accept=JSON).content
    assert gzip.decompress(get("/simple/demo/", accept=JSON, accept_encoding="gzip, deflate").content) == plain
    packed = get("/simple/demo/", accept=JSON, accept_encoding="gzip, deflate, zstd").content
    assert zstandard.ZstdDecompressor().decompress(packed) == plain


@ANY_HOME
def test_each_representation_has_its_own_tag(demo, get):
    tags = [
        get(path, accept=accept, accept_encoding=encoding)["ETag"]
        for path in PAGES
        for accept in (JSON, HTML, "text/html")
        for encoding in ("identity", "gzip", "zstd")
    ]
    assert len(set(tags)) == len(tags)


@ANY_HOME
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("{}", id="its tag"),
        pytest.param("W/{}", id="its tag, weakened"),
        pytest.param('"other", {}', id="its tag among others"),
        pytest.param("*", id="any tag"),
    ],
)
def test_a_page_that_did_not_change_is_not_sent_again(demo, get, path, condition):
    first = get(path, accept=PIP, accept_encoding="gzip")
    again = get(path, accept=PIP, accept_encoding="gzip", if_none_match=condition.format(first["ETag"]))
    assert (again.status_code, again.content) == (304, b"")
    for header in ("ETag", "Vary", "Cache-Control"):
        assert again[header] == first[header]
    assert "Content-Type" not in again


@ANY_HOME
def test_a_tag_of_another_representation_does_not_count(demo, get):
    tag = get("/simple/demo/", accept=JSON)["ETag"]
    assert get("/simple/demo/", accept=HTML, if_none_match=tag).status_code == 200
    assert get("/simple/demo/", accept=JSON, accept_encoding="gzip", if_none_match=tag).status_code == 200


def test_an_upload_is_on_the_very_next_page(demo, publish, get, page):
    before = {path: get(path, accept=JSON)["ETag"] for path in PAGES}
    filename, data = make_wheel("demo", "2.0")
    publish(filename, data)
    assert [file["filename"] for file in page("/simple/demo/")["files"]] == [demo[0], filename]
    for path in PAGES:
        assert get(path, accept=JSON, if_none_match=before[path]).status_code == 200


def test_an_upload_that_changes_nothing_keeps_the_page(demo, publish, get):
    before = {path: get(path, accept=JSON)["ETag"] for path in PAGES}
    publish(*demo)
    for path in PAGES:
        assert get(path, accept=JSON, if_none_match=before[path]).status_code == 304


@ANY_HOME
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_has_the_headers_of_get_and_no_body(demo, get, auth, path, encoding):
    headers = {**auth, "accept": JSON, "accept-encoding": encoding}
    full = get(path, accept=JSON, accept_encoding=encoding)
    # Not through the client, which would itself drop a body.
    head = get_wsgi_application().get_response(RequestFactory().head(path, headers=headers))
    assert (head.status_code, head.content) == (200, b"")
    ignored = {"X-Request-ID"}
    assert {name: head[name] for name in head.headers if name not in ignored} == {
        name: full[name] for name in full.headers if name not in ignored
    }


@ANY_HOME
def test_a_page_of_an_open_index_may_be_kept_by_shared_caches(demo, client, configure):
    configure(public_read=True)
    answer = client.get("/simple/demo/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")


# --- What a page costs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_kept_costs_one_request_to_the_catalogue(demo, get, path, requests_made):
    tag = get(path, accept=JSON)["ETag"]
    requests_made.clear()
    assert get(path, accept=JSON).status_code == 200
    assert get(path, accept=JSON, if_none_match=tag).status_code == 304
    assert get(path, accept=JSON, method="head").status_code == 200
    assert len(requests_made) == 3
    assert "Scan" not in requests_made


@ANY_HOME
def test_a_page_is_written_once_for_each_change(demo, get, publish, monkeypatch):
    written = []

    def write_page(page) -> bytes:
        written.append(page.serial)
        return as_json.compact({"meta": {}})

    monkeypatch.setitem(views.WRITE_PROJECT, "json", write_page)
    for encoding in ("gzip", "identity", "zstd", "gzip"):
        get("/simple/demo/", accept=JSON, accept_encoding=encoding)
    publish(*make_wheel("demo", "2.0"))
    for encoding in ("gzip", "gzip"):
        get("/simple/demo/", accept=JSON, accept_encoding=encoding)
    assert len(written) == len(set(written)) == 2


# --- Addresses ------------------------------------------------------------------------------------------------------


@ANY_HOME
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        pytest.param("/simple", "/simple/", id="the root without its slash"),
        pytest.param("/simple/demo", "/simple/demo/", id="a project without its slash"),
        pytest.param("/simple/De_mo/", "/simple/de-mo/", id="a name that is not normalised"),
        pytest.param("/simple/De.-_mo", "/simple/de-mo/", id="both in one step"),
        pytest.param("/simple/DEMO/?format=text/html&x=1", "/simple/demo/?format=text/html&x=1", id="with a query"),
        pytest.param("/simple/demo?a=%2F%2B", "/simple/demo/?a=%2F%2B", id="with an escaped query"),
    ],
)
def test_other_spellings_lead_to_the_page(demo, get, asked, answered):
    for method in ("get", "head"):
        answer = get(asked, method=method)
        assert answer.status_code == 301
        location = answer["Location"]
        assert urljoin(f"https://index.example{asked}", location) == f"https://index.example{answered}"
        # Relative: right behind any stage prefix, host name and proxy.
        assert not location.startswith("/")
        assert not urlsplit(location).scheme


@ANY_HOME
@pytest.mark.parametrize(
    "path",
    [
        "/simple/not-there/",
        "/simple/-demo-/",
        "/simple/de mo/",
        "/simple/d%C3%A9mo/",
        "/simple/" + "x" * 500 + "/",
        "/simple/demo%0A/",
        "/simple/-demo-",
        "/simple/a/b/",
    ],
)
def test_what_is_not_there_is_not_found_and_leads_nowhere(demo, get, path):
    answer = get(path, accept=PIP)
    assert answer.status_code == 404
    assert "Location" not in answer
    assert "Content-Type" in answer


@ANY_HOME
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
@pytest.mark.parametrize("path", ["/simple/demo/", "/simple/demo", "/simple"])
def test_pages_are_only_read(demo, get, path, method):
    answer = get(path, method=method)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@ANY_HOME
@pytest.mark.parametrize("credentials", [{}, {"authorization": "Basic YW5hOndyb25n"}], ids=["none", "wrong ones"])
@pytest.mark.parametrize(
    "path", ["/simple/", "/simple", "/simple/demo/", "/simple/demo", "/simple/De_mo/", "/simple/not-there/"]
)
def test_nothing_is_told_without_credentials(demo, client, path, credentials):
    for method in (client.get, client.head):
        answer = method(path, headers=credentials)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Basic ")
        assert "ETag" not in answer
        assert "Location" not in answer
