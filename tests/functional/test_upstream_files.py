"""Pages and files of another index, through our own doors, in each home."""

import io
import json
import random
import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command

from packages_app.audit.read import events
from packages_app.file_store import keys, write
from packages_app.file_store import read as stored
from packages_app.storage_events import unfinished
from packages_app.storage_events.handlers import objects_changed
from packages_app.upstream import aside, keeping, kept, rules
from packages_app.upstream.errors import NotAsAnnounced, SourceFailed
from packages_app.upstream.forget import forget
from tests import bucket_events
from tests.factories import make_wheel, metadata, sha256
from tests.fakes import upstream as fakes
from tests.fakes.upstream import FakeUpstream

JSON = "application/vnd.pypi.simple.v1+json"
WHEEL, DATA = make_wheel("theirs", "1.0", content=random.Random(1).randbytes(300_000))
CORE = metadata("theirs", "1.0")


@pytest.fixture
def fake():
    """Another index on loopback, with one wheel."""
    started = FakeUpstream()
    started.add("theirs", WHEEL, DATA, core=CORE, requires_python=">=3.8")
    yield started
    started.stop()
    for thread in tuple(keeping.asking):
        thread.join(10)


@pytest.fixture
def behind(home, settings, fake, monkeypatch):
    """Configure it: ``behind(files="link")``."""
    rules.last.clear()
    monkeypatch.setattr(unfinished, "FRESH", timedelta(0))

    def configure(**options) -> FakeUpstream:
        given = {"urls": (fake.url,), "timeout": 5.0, "budget": 2.0, **options}
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": given}
        return fake

    return configure


@pytest.fixture
def page(client, auth):
    """Return a project's page as installers see it."""

    def get(name: str = "theirs") -> dict:
        answer = client.get(f"/simple/{name}/", headers={"accept": JSON, **auth})
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    return get


@pytest.fixture
def get(client, auth):
    """Return the answer to a GET with headers; the body is read."""

    def ask(path: str, *, method: str = "get", **headers):
        return getattr(client, method)(path, headers={**auth, **headers})

    return ask


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def path_of(entry: dict) -> str:
    return "/" + entry["url"].removeprefix("../../")


def fetched(answer) -> bytes:
    """Return the bytes of a file's answer, also where that is a link into the bucket."""
    if answer.status_code == 302:
        key = answer["Location"].split("/upstream/")[1].split("?")[0]
        return stored.read(f"upstream/{key}", 10**9)
    assert answer.status_code in {200, 206}, answer.content
    return body(answer)


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


def test_a_failing_upstream_is_503_and_never_404(behind, get):
    fake = behind()
    fake.behave = fakes.status(404, b"")
    assert get("/simple/nowhere/").status_code == 404
    fake.behave = fakes.says(b"<html><body>Maintenance</body></html>", "text/html")
    answer = get("/simple/theirs/")
    assert answer.status_code == 503
    assert answer["Retry-After"]


@pytest.mark.parametrize("mode", ["link", "redirect", "keep"])
def test_a_file_can_be_had_in_every_mode(behind, page, get, mode):
    fake = behind(files=mode)
    (entry,) = page()["files"]
    if mode == "link":
        assert entry["url"].startswith("http://127.0.0.1:")
        return
    answer = get(path_of(entry))
    if mode == "redirect":
        assert answer.status_code == 302
        assert answer["Location"] == f"http://127.0.0.1:{fake.port}/files/{sha256(DATA)}/{WHEEL}"
        assert answer["Cache-Control"] == "no-store"
        assert get(path_of(entry) + ".metadata")["Location"] == answer["Location"] + ".metadata"
        assert get(path_of(entry), method="head").status_code == 302
        return
    assert fetched(answer) == DATA
    assert fetched(get(path_of(entry) + ".metadata")) == CORE
    fake.stop()
    for _ in range(2):
        assert fetched(get(path_of(entry))) == DATA
        assert fetched(get(path_of(entry) + ".metadata")) == CORE
    assert fake.files_asked() == 2
    fake.again()


def test_a_kept_file_answers_head_ranges_and_conditions(behind, page, get):
    fake = behind()
    (entry,) = page()["files"]
    head = get(path_of(entry), method="head")
    assert (head.status_code, head["Content-Length"]) == (200, str(len(DATA)))
    assert head["ETag"] == f'"{sha256(DATA)}"'
    assert head["Accept-Ranges"] == "bytes"
    assert get(path_of(entry), **{"if-none-match": head["ETag"]}).status_code == 304
    assert fake.files_asked() == 0
    part = get(path_of(entry), range="bytes=-100")
    if part.status_code != 302:
        assert part.status_code == 206
        assert part["Content-Range"] == f"bytes {len(DATA) - 100}-{len(DATA) - 1}/{len(DATA)}"
        assert body(part) == DATA[-100:]
    assert get(path_of(entry), method="head")["Content-Length"] == str(len(DATA))
    assert fake.files_asked() == 1


def test_other_bytes_than_announced_are_refused_audited_and_never_kept(behind, page, get):
    fake = behind()
    (entry,) = page()["files"]
    path = f"/files/{sha256(DATA)}/{WHEEL}"
    fake.bytes[path] = DATA[:-1] + b"!"
    answer = get(path_of(entry))
    with pytest.raises(Exception, match="not the ones that its page announces"):
        fetched(answer) if answer.status_code == 200 else raised(answer)
    assert [event.action for event in events(time.strftime("%Y-%m", time.gmtime()))] == ["upstream.mismatch"]
    assert not list(stored.walk("upstream/files"))
    asked = fake.files_asked()
    again = get(path_of(entry))
    assert again.status_code == 502
    assert fake.files_asked() == asked


def raised(answer) -> None:
    """Raise what an answer says."""
    raise AssertionError(answer.content.decode())


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_the_last_bytes_of_a_wrong_file_are_never_sent(behind, page, get):
    fake = behind()
    (entry,) = page()["files"]
    fake.bytes[f"/files/{sha256(DATA)}/{WHEEL}"] = DATA[:-1] + b"!"
    sent = []
    with pytest.raises(NotAsAnnounced):
        sent.extend(get(path_of(entry)).streaming_content)
    assert 0 < sum(map(len, sent)) < len(DATA)


def test_a_broken_off_file_is_not_kept_and_comes_the_next_time(behind, page, get):
    fake = behind()
    (entry,) = page()["files"]
    path = f"/files/{sha256(DATA)}/{WHEEL}"
    fake.behaviours[path] = fakes.half(DATA, "application/octet-stream")
    with pytest.raises(Exception, match="broke off"):
        fetched(get(path_of(entry)))
    del fake.behaviours[path]
    assert fetched(get(path_of(entry))) == DATA


def test_the_same_bytes_under_two_names_are_kept_once(behind, page, get):
    fake = behind()
    fake.add("theirs", "theirs-1.0-1-py3-none-any.whl", DATA)
    for entry in page()["files"]:
        assert fetched(get(path_of(entry))) == DATA
    assert len(list(stored.walk("upstream/files"))) == 1


def test_a_file_larger_than_a_request_may_wait_for_is_sent_on(behind, page, get):
    fake = behind(fetch_bytes=1000)
    (entry,) = page()["files"]
    answer = get(path_of(entry))
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"http://127.0.0.1:{fake.port}/")
    assert fetched(get(path_of(entry) + ".metadata")) == CORE


def test_such_a_file_is_fetched_by_the_event_of_a_marker_and_kept(behind, page, get, home, configure):
    fake = behind(fetch_bytes=1000)
    configure(background=True)
    (entry,) = page()["files"]
    for _ in range(3):
        assert get(path_of(entry))["Location"].startswith(f"http://127.0.0.1:{fake.port}/")
    (marker,) = [blob.key for blob in stored.walk("work")]
    assert fake.files_asked() == 0
    if home == "dynamodb and s3":
        record = bucket_events.record("ObjectCreated:Put", f"team/{marker}", bucket="packages")
        assert objects_changed(bucket_events.event(record), None) == {"fetched": 1}
    else:
        call_command("reconcile", "--apply", stdout=io.StringIO())
    assert list(stored.walk("work")) == []
    assert fetched(get(path_of(entry))) == DATA
    assert fake.files_asked() == 1


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_a_marker_is_not_believed(behind, page):
    fake = behind()
    page()
    claimed = keys.upstream_work("0" * 64, WHEEL)
    write.put_bytes(claimed, b"")
    assert aside.carry_out(claimed) is aside.Result.NOTHING
    assert list(stored.walk("work")) == []
    rules.claim("theirs", "ours", rules.Change(actor="root"))
    own = keys.upstream_work(sha256(DATA), WHEEL)
    write.put_bytes(own, b"")
    assert aside.carry_out(own) is aside.Result.NOTHING
    assert fake.files_asked() == 0


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_a_marker_stays_while_the_upstream_fails(behind, page, get, configure):
    fake = behind(fetch_bytes=1000)
    configure(background=True)
    (entry,) = page()["files"]
    get(path_of(entry))
    (marker,) = [blob.key for blob in stored.walk("work")]
    path = f"/files/{sha256(DATA)}/{WHEEL}"
    fake.behaviours[path] = fakes.half(DATA, "application/octet-stream")
    with pytest.raises(SourceFailed):
        aside.carry_out(marker)
    assert [blob.key for blob in stored.walk("work")] == [marker]
    del fake.behaviours[path]
    assert aside.carry_out(marker) is aside.Result.DONE


def test_strangers_cannot_make_it_ask(behind, client):
    fake = behind()
    assert client.get("/simple/theirs/").status_code == 401
    assert client.get(f"/packages/{sha256(DATA)}/{WHEEL}").status_code == 401
    assert fake.asked == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"/packages/{'0' * 64}/{WHEEL}", id="another digest"),
        pytest.param(f"/packages/{sha256(DATA)}/other-1.0-py3-none-any.whl", id="another name"),
        pytest.param(f"/packages/nonsense/{WHEEL}", id="no digest"),
        pytest.param(f"/packages/{sha256(DATA)}/theirs.zip", id="no distribution"),
        pytest.param(f"/packages/{sha256(DATA)}/{WHEEL}.metadata.metadata", id="metadata of metadata"),
    ],
)
def test_an_address_that_leads_nowhere_is_404(behind, get, path):
    behind()
    assert get(path).status_code == 404


def test_a_claimed_name_gives_no_file_of_the_upstream(behind, page, get):
    behind()
    (entry,) = page()["files"]
    assert fetched(get(path_of(entry))) == DATA
    rules.claim("theirs", "ours", rules.Change(actor="root"))
    assert get("/simple/theirs/").status_code == 404
    assert get(path_of(entry)).status_code == 404


def test_what_a_policy_hides_is_not_on_the_page_and_cannot_be_downloaded(behind, page, get):
    fake = behind()
    fake.add("theirs", "theirs-2.0.tar.gz", b"newer")
    old, new = page()["files"]
    assert fetched(get(path_of(old))) == DATA
    assert fetched(get(path_of(new))) == b"newer"
    etag = get("/simple/theirs/")["ETag"]
    behind(policy='[{"deny": ["theirs<2"]}]')
    document = page()
    assert [file["filename"] for file in document["files"]] == ["theirs-2.0.tar.gz"]
    assert document["versions"] == ["2.0"]
    assert get("/simple/theirs/", **{"if-none-match": etag}).status_code == 200
    for path in (path_of(old), path_of(old) + ".metadata"):
        refused = get(path)
        assert refused.status_code == 403
        assert b"is hidden: this index's policy denies it" in refused.content
    behind(policy='[{"cooldown_days": 100000}]')
    assert page()["files"] == []
    assert get(path_of(new)).status_code == 403
    assert fake.pages_asked() == 1


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_a_project_in_quarantine_gives_no_files_however_they_were_kept(behind, page, get, monkeypatch):
    fake = behind()
    (entry,) = page()["files"]
    assert fetched(get(path_of(entry))) == DATA
    fake.more["theirs"] = {"project-status": {"status": "quarantined"}}
    monkeypatch.setattr(keeping, "now", lambda: time.time_ns() // 1000 + 400_000_000)
    document = page()
    assert (document["files"], document["project-status"]["status"]) == ([], "quarantined")
    assert get(path_of(entry)).status_code == 403


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_several_clients_share_one_fetch(behind, page, get):
    fake = behind()
    (entry,) = page()["files"]
    fake.behaviours[f"/files/{sha256(DATA)}/{WHEEL}"] = fakes.waits(0.3)
    found = []
    threads = [threading.Thread(target=lambda: found.append(fetched(get(path_of(entry))))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [DATA] * 5
    assert fake.files_asked() == 1


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
