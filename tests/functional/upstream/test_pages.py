"""Pages of another index, through our own doors, in each home."""

import io
import time

import pytest
from django.core.management import call_command

from packages_app.file_store import keys
from packages_app.file_store import read as stored
from packages_app.upstream import keeping, kept, rules
from packages_app.upstream.entries import Owner
from packages_app.upstream.forget import forget
from tests.factories import make_wheel, sha256
from tests.fakes import upstream as fakes
from tests.functional.upstream.conftest import CORE, DATA, WHEEL, body, fetched, path_of


def test_a_project_that_only_exists_upstream_is_our_own_page(behind, page, client, auth):
    fake = behind(files="link")
    fake.more["theirs"] = {"project-status": {"status": "deprecated", "reason": "use ours"}, "versions": ["0.9", "1.0"]}
    fake.add("theirs", "theirs-0.5.tar.gz", b"old", yanked="broken", provenance="https://upstream.example/p")
    document = page()
    assert document["meta"]["api-version"] == "1.4"
    assert document["project-status"] == {"status": "deprecated", "reason": "use ours"}
    assert document["versions"] == ["0.5", "0.9", "1.0"]
    old, new = document["files"]
    assert new == {
        "filename": WHEEL,
        "url": f"http://127.0.0.1:{fake.port}/files/{sha256(DATA)}/{WHEEL}",
        "hashes": {"sha256": sha256(DATA)},
        "core-metadata": {"sha256": sha256(CORE)},
        "data-dist-info-metadata": {"sha256": sha256(CORE)},
        "size": len(DATA),
        "upload-time": "2026-01-02T03:04:05.000006Z",
        "yanked": False,
        "provenance": None,
        "requires-python": ">=3.8",
    }
    assert old["yanked"] == "broken"
    assert old["provenance"] == "https://upstream.example/p"
    html = client.get("/simple/theirs/", headers={"accept": "text/html", **auth}).content.decode()
    assert f"{WHEEL}#sha256={sha256(DATA)}" in html
    assert 'data-yanked="broken"' in html
    assert "pypi:project-status" in html
    assert fake.pages_asked() == 1


def test_what_the_upstream_does_not_say_is_not_invented(behind, page):
    fake = behind()
    link = b'<html><body><a href="/files/plain-1.0.tar.gz#md5=%b">plain-1.0.tar.gz</a></body></html>' % (b"a" * 32)
    fake.behaviours["/simple/plain/"] = fakes.says(link, "text/html")
    (file,) = page("plain")["files"]
    assert file == {
        "filename": "plain-1.0.tar.gz",
        "url": f"http://127.0.0.1:{fake.port}/files/plain-1.0.tar.gz",
        "hashes": {"md5": "a" * 32},
        "core-metadata": False,
        "data-dist-info-metadata": False,
        "yanked": False,
        "provenance": None,
    }


@pytest.mark.parametrize(("mode", "announced"), [("keep", False), ("redirect", True), ("link", True)])
def test_metadata_without_a_digest_is_not_announced_where_everything_is_kept(behind, page, mode, announced):
    # It could not be checked, and so not be kept: whoever asked for it would be sent to an upstream that may be off,
    # or knows only this index's credentials. Installers look into the wheel instead.
    fake = behind(files=mode)
    fake.add("bare", *make_wheel("bare", "1.0"), core_metadata=True)
    (file,) = page("bare")["files"]
    assert (file["core-metadata"], file["data-dist-info-metadata"]) == (announced, announced)


def test_a_page_is_revalidated_by_clients_and_marked_while_the_upstream_fails(behind, get, monkeypatch):
    fake = behind()
    first = get("/simple/theirs/")
    assert "Warning" not in first
    assert get("/simple/theirs/", **{"if-none-match": first["ETag"]}).status_code == 304
    fake.behave = fakes.status(500)
    monkeypatch.setattr(keeping, "now", lambda: time.time_ns() // 1000 + 400_000_000)
    stale = get("/simple/theirs/")
    assert (stale.status_code, stale.content, stale["ETag"]) == (200, first.content, first["ETag"])
    assert stale["Warning"].startswith("110 elastic-pypi ")
    assert get("/simple/theirs/", **{"if-none-match": first["ETag"]})["Warning"] == stale["Warning"]


def test_the_name_of_a_deleted_project_does_not_go_to_strangers(behind, page, get, publish):
    fake = behind()
    publish(*make_wheel("theirs", "0.1", content=b"ours"))
    call_command("delete", "theirs", "--yes", stdout=io.StringIO())
    assert get("/simple/theirs/").status_code == 404
    assert get(f"/packages/{sha256(DATA)}/{WHEEL}").status_code == 404
    assert get("/project/theirs/").status_code == 404
    assert fake.asked == []
    told = get("/api/projects/theirs/upstream").json()
    assert (told["owner"], told["published"]) == ("local", False)
    said = io.StringIO()
    call_command("upstream", "explain", "theirs", stdout=said)
    assert "published here: no, but it was until it was deleted" in said.getvalue()
    # Whoever may publish can take it up again, and an administrator can give it away.
    publish(*make_wheel("theirs", "0.2", content=b"ours"))
    assert [file["filename"] for file in page()["files"]] == ["theirs-0.2-py3-none-any.whl"]
    call_command("delete", "theirs", "--yes", stdout=io.StringIO())
    rules.override("theirs", Owner.UPSTREAM, "it moved there", rules.Change(actor="root"))
    assert [file["filename"] for file in page()["files"]] == [WHEEL]


def test_a_failing_upstream_is_503_and_never_404(behind, get):
    fake = behind()
    fake.behave = fakes.status(404, b"")
    assert get("/simple/nowhere/").status_code == 404
    fake.behave = fakes.says(b"<html><body>Maintenance</body></html>", "text/html")
    answer = get("/simple/theirs/")
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_both_pages_as_one_when_an_administrator_says_so(behind, page, publish, get):
    fake = behind()
    name, ours = make_wheel("theirs", "1.0", content=b"ours")
    rules.override("theirs", rules.Owner.MERGE, "we patch it", rules.Change(actor="root"))
    assert publish(name, ours, name="theirs").status_code == 200
    fake.add("theirs", "theirs-2.0.tar.gz", b"newer")
    document = page()
    assert document["versions"] == ["1.0", "2.0"]
    assert [(file["filename"], file["hashes"]["sha256"]) for file in document["files"]] == [
        (name, sha256(ours)),
        ("theirs-2.0.tar.gz", sha256(b"newer")),
    ]
    assert fetched_local(get(path_of(document["files"][0]))) == ours
    assert fetched(get(path_of(document["files"][1]))) == b"newer"


def fetched_local(answer) -> bytes:
    """Return the bytes of a file that is published here."""
    if answer.status_code == 302:
        return stored.read("packages/" + answer["Location"].split("/packages/")[-1].split("?")[0], 10**9)
    return body(answer)


def test_a_page_costs_few_reads(behind, page, get, monkeypatch):
    fake = behind()
    page()
    reads = []
    original = kept.plain_item
    monkeypatch.setattr(kept, "plain_item", lambda *key: reads.append(key) or original(*key))
    page()
    assert len(reads) == 1
    assert fake.pages_asked() == 1


def test_what_is_kept_of_a_project_can_be_forgotten(behind, page, get):
    fake = behind()
    fake.add("theirs", "theirs-2.0.tar.gz", b"newer")
    fake.add("other", "other-1.0.tar.gz", b"newer")
    for name in ("theirs", "other"):
        for entry in page(name)["files"]:
            fetched(get(path_of(entry)))
    done = forget("theirs", rules.Change(actor="root"))
    assert (done.files, done.size) == (2, len(DATA))
    # Bytes that another project's file shares stay.
    assert [blob.key for blob in stored.walk("upstream/files")] == [keys.upstream_file(sha256(b"newer"))]
    assert kept.read("theirs").seen
    (entry,) = page("other")["files"]
    assert fetched(get(path_of(entry))) == b"newer"
    assert fetched(get(path_of(page()["files"][0]))) == DATA
    assert forget("never-seen", rules.Change(actor="root")).files == 0
