"""Pages of projects that only the index behind this one has."""

import re

import pytest

from packages_app.upstream import rules, sources
from packages_app.upstream.entries import Owner, UpstreamFile, UpstreamPage
from tests.factories import make_wheel
from tests.fakes.sources import FakeSource
from tests.functional.accounts import CHANGE, token, user

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


@pytest.mark.parametrize(
    ("status", "said"),
    [("archived", "Archived."), ("deprecated", "Deprecated."), ("quarantined", "Quarantined."), ("active", "")],
)
def test_what_the_other_index_says_of_the_project_is_told(client, auth, configure, monkeypatch, *, status, said):
    # As an index does that takes a quarantined project's files off its page: nothing else says why there are none.
    found = UpstreamPage(name="lib", status=status, status_reason="see <b>notice</b>")
    made = FakeSource(found)
    configure(upstream={"urls": (made.name,)})
    monkeypatch.setattr(sources, "configured", lambda: (made,))
    page = client.get("/project/lib/", headers=auth).text
    assert [word for word in ("Archived.", "Deprecated.", "Quarantined.") if word in page] == [said] * bool(said)
    assert ("see &lt;b&gt;notice&lt;/b&gt;" in page) is bool(said)
    told = client.get("/api/projects/lib/upstream", headers=auth).json()
    assert (told["status"], told["status-reason"]) == (status, "see <b>notice</b>")


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


def test_files_that_are_not_shown_are_counted_and_explained(client, auth, source, configure):
    configure(upstream={"urls": (source.name,), "policy": '[{"deny": ["lib<1.10"]}]'})
    page = " ".join(client.get("/project/lib/", headers=auth).text.split())
    assert "2 files of the index behind this one are not shown to installers" in page
    assert "lib-1.9-py3-none-any.whl" in page
    assert "policy denies it" in page


def test_a_project_of_which_nothing_is_shown_says_why_and_gives_no_command(client, auth, source, configure):
    configure(upstream={"urls": (source.name,), "policy": '[{"deny": ["lib"]}]'})
    page = " ".join(client.get("/project/lib/", headers=auth).text.split())
    assert "are not shown to installers" in page
    assert "pip install" not in page


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("owner", "said"), [("upstream", "not those below"), ("merge", "as well as those below")], ids=str
)
def test_a_published_name_that_comes_from_elsewhere_says_so(client, auth, publish, owner, said):
    assert publish(*make_wheel("lib", "0.5")).status_code == 200
    rules.override("lib", Owner(owner), "we <i>trust</i> them", CHANGE)
    page = " ".join(client.get("/project/lib/", headers=auth).text.split())
    assert said in page
    assert "we &lt;i&gt;trust&lt;/i&gt; them" in page


def test_a_name_of_this_index_alone_says_nothing_of_another(client, auth, source, publish):
    assert publish(*make_wheel("lib", "0.5")).status_code == 200
    assert "the index behind this one" not in client.get("/project/lib/", headers=auth).text
