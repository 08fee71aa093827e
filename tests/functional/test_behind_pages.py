"""Pages of projects that only the index behind this one has."""

import re

import pytest

from packages_app.upstream import rules, sources
from packages_app.upstream.entries import UpstreamFile, UpstreamPage
from tests.fakes.sources import FakeSource
from tests.functional.accounts import token, user

pytestmark = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


def file(version: str, filename: str = "", **fields) -> UpstreamFile:
    return UpstreamFile(
        filename=filename or f"lib-{version}-py3-none-any.whl",
        url=f"https://files.example/{version}",
        hashes=(("sha256", "a" * 64),),
        version=version,
        filetype="bdist_wheel",
        **fields,
    )


@pytest.fixture
def source(configure, monkeypatch):
    """Another index with one project."""
    files = (
        file("1.9", requires_python="<b>3"),
        file("1.10"),
        file("2.0a1"),
        file("1.11", yanked=True),
        file("0.1", "lib-0.1-py2.7.egg"),
    )
    made = FakeSource(UpstreamPage(name="lib", files=files))
    configure(upstream={"urls": (made.name,)})
    monkeypatch.setattr(sources, "configured", lambda: (made,))
    rules.last.clear()
    return made


def test_the_newest_release_is_shown_and_the_others_linked(client, auth, source):
    page = client.get("/project/lib/", headers=auth).text
    assert "it comes from the index behind this one" in page
    assert "lib-1.10-py3-none-any.whl" in page
    assert re.findall(r'href="/project/lib/([^/"]+)/"', page) == ["2.0a1", "1.11", "1.10", "1.9"]
    old = client.get("/project/lib/1.9/", headers=auth).text
    assert "lib-1.9-py3-none-any.whl" in old
    assert "&lt;b&gt;3" in old


def test_names_and_versions_are_sent_on_in_their_normal_form(client, auth, source):
    assert client.get("/project/LIB/", headers=auth)["Location"] == "/project/lib/"
    assert client.get("/project/lib/1.9.0/", headers=auth)["Location"] == "/project/lib/1.9/"


def test_what_the_other_index_does_not_have_is_not_found(client, auth, source):
    assert [client.get(f"/project/{path}/", headers=auth).status_code for path in ("other", "lib/7")] == [404, 404]


def test_an_index_that_does_not_answer_is_no_reason_to_say_that_there_is_nothing(client, auth, source):
    source.down = True
    answer = client.get("/project/lib/", headers={**auth, "accept": "text/html"})
    assert answer.status_code == 503
    assert "Wait a moment" in answer.text


def test_the_other_index_is_not_asked_for_who_may_not_read(client, source):
    user("nobody")
    assert client.get("/project/lib/", headers=token("nobody")).status_code == 404
    assert source.asked == []
