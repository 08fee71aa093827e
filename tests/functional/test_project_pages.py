"""The pages of a project and its releases, as a browser asks for them."""

import re

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.publishers.register import trust
from packages_app.catalogue import write
from packages_app.catalogue.entries import Change, Status
from packages_app.discovery import documents
from packages_app.file_store import keys
from packages_app.file_store import write as store
from tests.factories import make_sdist, make_wheel, metadata, sha256
from tests.functional.accounts import token

ATTACKS = [
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ 7|add:7 }}{% load x %}",
    "\u202ecod.exe \U0001f980",
]
FIELDS = [
    "Summary",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "Keywords",
    "Home-page",
    "Download-URL",
    "Classifier",
    "Requires-Dist",
    "Provides-Extra",
    "Description-Content-Type",
    "Platform",
]


def core(*lines: str, name="demo", version="1.0", body="") -> bytes:
    head = [f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}", *lines]
    return ("\n".join(head) + "\n\n" + body).encode()


def test_a_project_s_page_shows_its_newest_release(client, auth, publish):
    text = "# Hello\n\nIt is **good**.\n"
    for version in ("1.0", "1.10", "2.0a1"):
        given = core("Summary: A demo.", "Description-Content-Type: text/markdown", version=version, body=text)
        assert publish(*make_wheel(version=version, core=given)).status_code == 200
    filename, data = make_sdist(version="1.10")
    assert publish(filename, data).status_code == 200
    page = client.get("/project/demo/", headers=auth)
    assert page.status_code == 200
    assert "<strong>good</strong>" in page.text
    assert "A demo." in page.text
    assert f'href="/packages/{sha256(data)}/{filename}"' in page.text
    assert sha256(data) in page.text
    assert "pip install --index-url http://testserver/simple/ demo<" in page.text
    versions = re.findall(r'href="/project/demo/([0-9][^/"]*)/"', page.text)
    assert versions == ["2.0a1", "1.10", "1.0"]


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
class TestOnePage:
    @pytest.fixture
    def show(self, client, auth, publish):
        """Publish a wheel with these lines in its metadata, and return its project's page."""

        def make(*lines: str, body: str = "") -> str:
            assert publish(*make_wheel(core=core(*lines, body=body))).status_code == 200
            answer = client.get("/project/demo/", headers=auth)
            assert answer.status_code == 200
            return answer.text

        return make

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_fields_of_a_stranger_are_text_and_nothing_else(self, show, attack):
        page = show(*(f"{field}: {attack}" for field in FIELDS), f"Project-URL: label, {attack}").lower()
        assert not re.search(r"<(script|svg|img(?! src=\"/static/)|iframe)", page)
        assert not re.search(r'(href|src|action)="\s*(javascript|data|vbscript):', page)
        assert not re.search(r"<[^>]*\son\w+=", page)
        assert "\u202e" not in re.sub(r"<bdi[^>]*>.*?</bdi>", "", page, flags=re.DOTALL)

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_a_description_of_a_stranger_runs_nothing(self, show, attack):
        page = show(
            "Description-Content-Type: text/markdown", body=f"# {attack}\n\n[a]({attack})\n\n{attack}\n"
        ).lower()
        assert not re.search(r"<(script|svg|img(?! src=\"/static/)|iframe)", page)
        assert not re.search(r'(href|src|action)="\s*(javascript|data|vbscript):', page)
        assert not re.search(r"<[^>]*\son\w+=", page)

    def test_a_description_of_ten_megabytes_is_cut(self, show):
        page = show("Description-Content-Type: text/markdown", body="All the words. " * 650_000)
        assert "Only the beginning is shown" in page
        assert len(page) < 300_000

    def test_people_and_links_can_be_followed(self, show):
        page = show("Author-email: Ana <ana@a.example>", "Project-URL: Docs, https://docs.example/x")
        assert 'href="mailto:ana@a.example"' in page
        assert re.search(r'href="https://docs.example/x"\s+rel="nofollow noopener noreferrer"', page)

    def test_a_name_in_another_form_leads_to_the_page(self, client, auth, show):
        show()
        for path in ("/project/Demo/", "/project/DEMO/1/", "/project/demo/1.0.0/"):
            answer = client.get(path, headers=auth)
            assert answer.status_code == 302
            assert client.get(answer["Location"], headers=auth).status_code == 200
        assert client.get("/project/demo", headers=auth)["Location"] == "/project/demo/"

    @pytest.mark.parametrize(
        ("path", "says"),
        [
            ("/project/nothing/", "no project named nothing"),
            ("/project/-/", "no name a project can have"),
            ("/project/demo/9/", "no release 9"),
            ("/project/demo/%3Cb%3E/", "no release &lt;b&gt;"),
        ],
    )
    def test_what_is_not_there_is_told_on_a_page(self, client, auth, show, path, says):
        show()
        answer = client.get(path, headers={**auth, "accept": "text/html"})
        assert answer.status_code == 404
        assert says in answer.text

    def test_a_yanked_release_says_why(self, client, auth, show):
        show()
        (filename, _) = make_wheel()
        change = Change(actor="ana")
        write.set_yanked("demo", filename, yanked=True, reason="It eats <b>data</b>.", change=change)
        page = client.get("/project/demo/", headers=auth).text
        assert "This release was yanked." in page
        # Without the version, an installer would find nothing.
        assert "pip install --index-url http://testserver/simple/ demo==1.0<" in page
        assert "It eats &lt;b&gt;data&lt;/b&gt;." in page

    @pytest.mark.parametrize("status", [Status.ARCHIVED, Status.DEPRECATED, Status.QUARANTINED])
    def test_a_status_is_told_with_its_reason(self, client, auth, show, status):
        show(body="The description.")
        write.set_status("demo", status, reason="Use <other>.", change=Change(actor="ana"))
        page = client.get("/project/demo/", headers=auth).text
        assert f"{status.value.title()}." in page
        assert "Use &lt;other&gt;." in page
        offered = status.offers_files
        assert ("/packages/" in page, "The description." in page, "pip install" in page) == (offered,) * 3

    def test_a_page_shows_the_files_also_where_the_metadata_cannot_be_read(self, client, auth, publish, monkeypatch):
        filename, data = make_wheel(core=metadata(body="of this test"))
        publish(filename, data)
        monkeypatch.setattr(documents, "kept", documents.Kept())
        store.remove(keys.metadata(sha256(data), filename))
        page = client.get("/project/demo/", headers=auth).text
        assert "cannot be read right now" in page
        assert filename in page

    def test_a_local_version_can_be_downloaded(self, client, auth, publish):
        filename, data = make_wheel(version="1.0+a.b")
        publish(filename, data)
        page = client.get("/project/demo/1.0+a.b/", headers=auth).text
        (link,) = re.findall(r'href="(/packages/[^"]+\.whl)"', page)
        assert "%2B" in link
        assert client.get(link, headers=auth).getvalue() == data

    def test_an_sdist_alone_says_what_it_is_too(self, client, auth, publish):
        given = core("Summary: Built from source.", "Description-Content-Type: text/plain", body="All of it.")
        assert publish(*make_sdist(core=given)).status_code == 200
        page = client.get("/project/demo/", headers=auth).text
        assert "Built from source." in page
        assert "All of it." in page

    def test_what_a_trusted_pipeline_published_says_so(self, client, auth, publish, configure):
        configure(trusted_issuers=(("github", "https://ci.test"),))
        pipeline = {"repository": "acme/demo", "workflow": "release.yml"}
        operator = Principal(name="root", trusted=True)
        found = trust(operator, "demo", kind_="github", fields=pipeline, source="test")
        assert publish(*make_wheel(), headers=token(found.name)).status_code == 200
        page = " ".join(client.get("/project/demo/", headers=auth).text.split())
        assert f"by the trusted pipeline <bdi>{found.id}</bdi>" in page
        assert found.name not in page
        history = " ".join(client.get("/project/demo/history/", headers=auth).text.split())
        assert f"the trusted pipeline <bdi>{found.id}</bdi> with token" in history
        assert f'{found.name}</bdi> trusted to publish <div class="small"> <bdi>role: uploader</bdi>' in history
