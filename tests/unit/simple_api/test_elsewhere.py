"""Which files of another index are fetched while their client waits, and which clients are sent to it."""

import hashlib

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from packages_app.accounts.entries import Principal
from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.simple_api.elsewhere import answer
from packages_app.simple_api.errors import NoSuchFile
from packages_app.simple_api.wanted import FILE_TYPE, METADATA_TYPE, Wanted
from packages_app.upstream import rules, sources
from packages_app.upstream.entries import UpstreamFile, UpstreamPage
from tests.fakes.sources import FakeSource
from tests.homes import in_folder

DATA, CORE = b"some bytes", b"Name: demo\n"
SHA, CORE_SHA = (hashlib.sha256(data).hexdigest() for data in (DATA, CORE))
WHEEL = "demo-1.0-py3-none-any.whl"
URL = "https://files.example/f"
WHO = Principal(name="ana", trusted=True)


@pytest.fixture
def behind(settings, tmp_path, monkeypatch):
    """Another index with one wheel: ``behind(size=None, files="redirect", fetch_bytes=5)``."""

    def put(*, size: int | None = len(DATA), core: str = CORE_SHA, **options) -> FakeSource:
        file = UpstreamFile(
            filename=WHEEL,
            url=URL,
            hashes=(("sha256", SHA),),
            size=size,
            core_metadata=core,
            version="1.0",
            filetype="bdist_wheel",
        )
        source = FakeSource(UpstreamPage(name="demo", files=(file,)))
        source.files = {URL: DATA, f"{URL}.metadata": CORE}
        in_folder(settings, tmp_path, upstream={"urls": (source.name,), **options})
        monkeypatch.setattr(sources, "configured", lambda: (source,))
        rules.last.clear()
        return source

    return put


def ask(filename: str = WHEEL, method: str = "GET", **headers: str):
    return answer(RequestFactory().generic(method, "/", headers=headers), SHA, filename, WHO)


@pytest.mark.parametrize(
    ("given", "filename", "url"),
    [
        pytest.param({"files": "redirect"}, WHEEL, URL, id="where files are not kept"),
        pytest.param(
            {"core": "true"}, f"{WHEEL}.metadata", f"{URL}.metadata", id="metadata of which no digest is known"
        ),
        pytest.param({"fetch_bytes": len(DATA) - 1}, WHEEL, URL, id="a file that is too large to wait for"),
        pytest.param(
            {"fetch_bytes": 10**9, "size": None}, WHEEL, URL, id="a file of which nobody knows how large it is"
        ),
    ],
)
def test_a_client_is_sent_to_the_other_index(behind, given, filename, url):
    source = behind(**given)
    found = ask(filename)
    assert (found.status_code, found["Location"], found["Cache-Control"]) == (302, url, "no-store")
    assert source.fetched == 0


@pytest.mark.parametrize(
    ("given", "filename", "headers"),
    [
        pytest.param({"fetch_bytes": len(DATA)}, WHEEL, {}, id="a file that is small enough to wait for"),
        pytest.param({}, WHEEL, {"range": "bytes=0-3"}, id="a part of a file"),
        pytest.param({}, f"{WHEEL}.metadata", {}, id="metadata"),
        pytest.param({"fetch_bytes": 1}, f"{WHEEL}.metadata", {}, id="metadata, which is small"),
    ],
)
def test_bytes_are_kept_before_the_answer(behind, given, filename, headers):
    source = behind(**given)
    found = ask(filename, **headers)
    metadata = filename != WHEEL
    digest = CORE_SHA if metadata else SHA
    assert isinstance(found, Wanted)
    assert (found.key, found.sha256) == (keys.upstream_file(digest), digest)
    assert (found.content_type, found.version) == (METADATA_TYPE if metadata else FILE_TYPE, "")
    assert stored.stat(found.key).size == found.size
    assert (ask(filename), source.fetched) == (found, 1)


def test_a_whole_file_is_sent_on_while_it_comes(behind):
    source = behind()
    found = ask()
    assert isinstance(found, StreamingHttpResponse)
    assert (found["Content-Length"], found["ETag"]) == (str(len(DATA)), f'"{SHA}"')
    assert b"".join(found) == DATA
    assert isinstance(ask(), Wanted)
    assert source.fetched == 1


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        pytest.param("HEAD", {}, 200, id="a question for the length"),
        pytest.param("GET", {"if-none-match": f'"{SHA}"'}, 304, id="a client that has the file"),
    ],
)
def test_what_needs_no_bytes_fetches_none(behind, method, headers, status):
    source = behind()
    found = ask(method=method, **headers)
    assert isinstance(found, HttpResponse)
    assert (found.status_code, source.fetched) == (status, 0)


def test_what_nobody_has_is_not_there(behind):
    behind()
    with pytest.raises(NoSuchFile):
        ask("demo-2.0-py3-none-any.whl")
