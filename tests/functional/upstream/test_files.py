"""Files of another index, through our own doors, in each home."""

import io
import threading
import time

import pytest
from django.core.management import call_command

from packages_app.audit.read import events
from packages_app.file_store import keys, write
from packages_app.file_store import read as stored
from packages_app.storage_events.handlers import objects_changed
from packages_app.upstream import aside, keeping, rules
from packages_app.upstream.errors import NotAsAnnounced, SourceFailed
from tests import bucket_events
from tests.factories import make_wheel, sha256
from tests.fakes import upstream as fakes
from tests.functional.upstream.conftest import CORE, DATA, WHEEL, body, fetched, path_of


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


@pytest.mark.parametrize("mode", ["link", "redirect", "keep"])
def test_a_file_without_any_digest_is_linked_and_never_goes_through_here(behind, page, get, mode):
    fake = behind(files=mode)
    fake.add("bare", "bare-1.0.tar.gz", b"bytes", hashes={})
    (entry,) = page("bare")["files"]
    where = f"http://127.0.0.1:{fake.port}/files/{sha256(b'bytes')}/bare-1.0.tar.gz"
    assert (entry["url"], entry["hashes"]) == (where, {})
    html = get("/simple/bare/", accept="text/html").content.decode()
    assert f'href="{where}"' in html
    # Nobody announced that digest, so that nobody could say of the bytes that they are right.
    assert get(f"/packages/{sha256(b'bytes')}/bare-1.0.tar.gz").status_code == 404
    assert fake.files_asked() == 0
    assert not list(stored.walk("upstream/files"))


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


@pytest.mark.parametrize(
    ("broken", "status", "sentence"),
    [
        (lambda data: lambda asked: asked.file(data[:-1] + b"!"), 502, "not the ones that its page announces"),
        (lambda data: fakes.half(data, "application/octet-stream"), 503, "broke off"),
    ],
    ids=["wrong", "broken off"],
)
def test_of_a_small_file_nothing_is_sent_before_it_is_known_to_be_right(behind, page, get, *, broken, status, sentence):
    fake = behind()
    filename, data = make_wheel("small", "1.0")
    fake.add("small", filename, data)
    fake.behaviours[f"/files/{sha256(data)}/{filename}"] = broken(data)
    answer = get(path_of(page("small")["files"][0]))
    assert (answer.status_code, answer.streaming) == (status, False)
    assert sentence in answer.content.decode()
    assert not list(stored.walk("upstream/files"))


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
def test_a_yanked_file_that_pages_hide_can_be_had_by_who_has_its_address_kept_or_not(behind, page, get):
    fake = behind()
    fake.add("theirs", "theirs-2.0.tar.gz", b"newer", yanked="broken")
    addresses = [path_of(entry) for entry in page()["files"]]
    behind(policy='[{"hide_yanked": true}]')
    assert [entry["filename"] for entry in page()["files"]] == [WHEEL]
    # A lock file names it: PEP 592 leaves yanked files to those who ask for exactly them.
    assert [fetched(get(path)) for path in addresses * 2] == [DATA, b"newer"] * 2
    assert fake.files_asked() == 2


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_a_rule_of_another_process_holds_before_anything_is_asked(behind, page, get):
    fake = behind()
    fake.add("acme-core", "acme_core-1.0.tar.gz", b"theirs")
    (entry,) = page()["files"]
    asked = list(fake.asked)
    before = dict(rules.last)
    for name in ("theirs", "acme-*"):
        rules.reserve(name, "ours", rules.Change(actor="root"))
    for path in (path_of(entry), path_of(entry) + ".metadata", "/simple/acme-core/"):
        rules.last.update(before)  # as another process has them still, for seconds
        assert get(path).status_code == 404
    assert fake.asked == asked


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
