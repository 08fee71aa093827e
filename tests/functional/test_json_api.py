"""The legacy JSON API, as tools ask for it."""

import gzip

import pytest

from packages_app.catalogue import write
from packages_app.catalogue.entries import Change, Status
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.accounts import token, user

CORE = """\
Metadata-Version: 2.4
Name: Demo
Version: {version}
Summary: A demo.
Author-email: Ana <ana@a.example>
License-Expression: MIT
Keywords: one,two
Project-URL: Docs, https://docs.example
Classifier: Typing :: Typed
Requires-Dist: numpy>=1.26
Requires-Dist: rich; extra == "colour"
Provides-Extra: colour
Requires-Python: >=3.11
Description-Content-Type: text/markdown

# Demo
"""


@pytest.fixture
def published(publish):
    """Two releases, the newer one with a wheel and an sdist."""
    files = [make_wheel("Demo", version, core=CORE.format(version=version).encode()) for version in ("1.0", "1.10")]
    files.append(make_sdist("Demo", "1.10", core=CORE.format(version="1.10").encode()))
    for filename, data in files:
        assert publish(filename, data).status_code == 200
    return dict(files)


def test_a_project_s_document_tells_of_its_newest_release_and_lists_all(client, auth, published):
    answer = client.get("/pypi/demo/json", headers=auth)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found = answer.json()
    assert found["info"]["name"] == "Demo"
    assert (found["info"]["version"], found["info"]["summary"]) == ("1.10", "A demo.")
    assert found["info"]["requires_dist"] == ["numpy>=1.26", 'rich; extra == "colour"']
    assert found["info"]["project_urls"] == {"Docs": "https://docs.example"}
    assert found["info"]["description"] == "# Demo\n"
    assert found["info"]["package_url"] == "http://testserver/project/demo/"
    assert list(found["releases"]) == ["1.0", "1.10"]
    assert {entry["filename"]: entry["digests"]["sha256"] for entry in found["urls"]} == {
        filename: sha256(data) for filename, data in published.items() if "1.10" in filename
    }
    assert found["last_serial"] == int(answer["X-PyPI-Last-Serial"])
    wheel = next(entry for entry in found["urls"] if entry["packagetype"] == "bdist_wheel")
    assert (wheel["python_version"], wheel["requires_python"], wheel["yanked"]) == ("py3", ">=3.11", False)
    assert wheel["upload_time_iso_8601"].startswith(wheel["upload_time"])
    file = client.get(wheel["url"].removeprefix("http://testserver"), headers=auth)
    file.close()
    assert file.status_code in {200, 302}


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
class TestOneHome:
    def test_a_release_s_document_lists_its_own_files_only(self, client, auth, published):
        found = client.get("/pypi/demo/1.0.0/json/", headers=auth).json()
        assert found["info"]["version"] == "1.0"
        assert len(found["urls"]) == 1
        assert "releases" not in found

    def test_who_has_a_document_is_told_so_until_something_changes(self, client, auth, published, publish):
        for path in ("/pypi/demo/json", "/pypi/demo/1.0/json"):
            first = client.get(path, headers=auth)
            assert not first["ETag"].startswith("W/")
            again = client.get(path, headers={**auth, "if-none-match": first["ETag"]})
            assert (again.status_code, again.content) == (304, b"")
            packed = client.get(path, headers={**auth, "accept-encoding": "gzip"})
            assert packed["ETag"] != first["ETag"]
            assert gzip.decompress(packed.content) == first.content
        write.set_yanked("demo", next(iter(published)), yanked=True, reason="Broken.", change=Change(actor="ana"))
        changed = client.get(path, headers={**auth, "if-none-match": first["ETag"]})
        assert changed.status_code == 200
        assert changed.json()["info"]["yanked_reason"] == "Broken."

    def test_links_follow_the_address_that_was_asked(self, client, auth, published, settings):
        settings.ALLOWED_HOSTS = ["one.example", "two.example"]
        answers = [client.get("/pypi/demo/json", headers={**auth, "host": host}) for host in settings.ALLOWED_HOSTS]
        assert [each.json()["urls"][0]["url"][:19] for each in answers] == [
            "http://one.example/",
            "http://two.example/",
        ]
        assert answers[0]["ETag"] != answers[1]["ETag"]

    def test_a_name_in_another_form_is_sent_on(self, client, auth, published):
        assert client.get("/pypi/Demo/json", headers=auth)["Location"] == "../demo/json"
        assert client.get("/pypi/DEMO/1.0/json", headers=auth)["Location"] == "../../demo/1.0/json"

    @pytest.mark.parametrize("path", ["/pypi/absent/json", "/pypi/demo/9/json", "/pypi/-/json", "/pypi/demo/<b>/json"])
    def test_what_is_not_there_is_not_found(self, client, auth, published, path):
        assert client.get(path, headers=auth).status_code == 404

    def test_a_quarantined_project_offers_no_files(self, client, auth, published):
        write.set_status("demo", Status.QUARANTINED, reason="Odd.", change=Change(actor="ana"))
        found = client.get("/pypi/demo/json", headers=auth).json()
        assert (found["urls"], found["releases"]) == ([], {})
        assert found["project_status"] == {"status": "quarantined", "reason": "Odd."}

    def test_it_is_there_for_who_may_read_the_project(self, client, published):
        user("eve", reader="other")
        assert client.get("/pypi/demo/json", headers=token("eve")).status_code == 404
        assert client.get("/pypi/demo/json").status_code == 401
        assert client.post("/pypi/demo/json", headers=token("ana")).status_code == 405

    def test_a_long_description_is_cut(self, client, auth, publish):
        core = CORE.format(version="1.0").encode() + b"x" * 2_000_000
        assert publish(*make_wheel("Demo", core=core)).status_code == 200
        assert len(client.get("/pypi/demo/json", headers=auth).json()["info"]["description"]) == 1_000_000


def test_releases_of_a_long_name_have_documents_of_their_own(client, auth, publish):
    name = "n" * 200
    for version in ("1.1", "1.10"):
        assert publish(*make_wheel(name, version)).status_code == 200
    for version in ("1.1", "1.10"):
        assert client.get(f"/pypi/{name}/{version}/json", headers=auth).json()["info"]["version"] == version
