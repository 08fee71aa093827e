"""The truth table of who owns a name, through the door that installers use."""

import gzip
import itertools
import json
import time

import pytest
import zstandard
from django.test import Client

from packages_app.catalogue import collect, read, write
from packages_app.catalogue.entries import Change
from packages_app.upstream import keeping, rules, sources
from packages_app.upstream.entries import Owner, UpstreamFile, UpstreamPage
from tests.factories import make_wheel
from tests.fakes.sources import FakeSource
from tests.functional.accounts import token, user
from tests.functional.conftest import basic
from tests.homes import in_folder

JSON = "application/vnd.pypi.simple.v1+json"
ADMIN = Change(actor="root", source="command")
NAME = "acme-tools"
OURS, THEIRS = "acme_tools-1.0-py3-none-any.whl", "acme_tools-9.9-py3-none-any.whl"
PAGE = UpstreamPage(
    name=NAME,
    files=(
        UpstreamFile(
            filename=THEIRS,
            url="https://files.example/f",
            hashes=(("sha256", "a" * 64),),
            version="9.9",
            filetype="bdist_wheel",
        ),
    ),
)

# published here, reserved, override -> where its page comes from
OWNERS = {
    (False, False, None): "upstream",
    (False, False, "local"): "here",
    (False, False, "upstream"): "upstream",
    (False, False, "merge"): "both",
    (False, True, None): "here",
    (False, True, "local"): "here",
    (False, True, "upstream"): "here",
    (False, True, "merge"): "here",
    (True, False, None): "here",
    (True, False, "local"): "here",
    (True, False, "upstream"): "upstream",
    (True, False, "merge"): "both",
    (True, True, None): "here",
    (True, True, "local"): "here",
    (True, True, "upstream"): "here",
    (True, True, "merge"): "here",
}


def expected(*, where: str, published: bool, exists: bool, up: bool) -> tuple[int, list[str]]:
    """Return the status and the files that a caller who may read gets."""
    ours = [OURS] if published else []
    if where == "here":
        return (200, ours) if published else (404, [])
    if not up:
        return 503, []
    theirs = [THEIRS] if exists else []
    shown = theirs if where == "upstream" else ours + theirs
    return (200, shown) if shown else (404, [])


@pytest.fixture
def home(settings, tmp_path):
    """The index in one folder."""
    in_folder(settings, tmp_path, users={"ana": "pa:ss wörd"})
    rules.last.clear()


@pytest.fixture
def upstream(home, settings, monkeypatch):
    """An upstream in memory."""
    source = FakeSource()
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": {"urls": (source.name,), "files": "link"}}
    monkeypatch.setattr(sources, "configured", lambda: (source,))
    yield source
    for thread in tuple(keeping.asking):
        thread.join(10)


@pytest.mark.parametrize("up", [True, False], ids=["up", "down"])
@pytest.mark.parametrize("may_read", [True, False], ids=["reader", "stranger"])
@pytest.mark.parametrize("exists", [True, False], ids=["exists upstream", "not upstream"])
@pytest.mark.parametrize(
    ("published", "reserved", "override"),
    OWNERS,
    ids=[
        f"{'published' if published else 'new'}, {'reserved' if reserved else 'free'}, {override or 'no'} override"
        for published, reserved, override in OWNERS
    ],
)
def test_the_truth_table(  # noqa: PLR0917 - fixtures, and a column for each question
    client, upstream, publish, published, reserved, override, exists, may_read, up
):
    if published:
        assert publish(*make_wheel("acme_tools"), name="acme_tools").status_code == 200
    if override:
        rules.override(NAME, Owner(override), "a test", ADMIN)
    if reserved:
        rules.reserve("acme-*", "ours", ADMIN)
    if exists:
        upstream.pages[NAME] = PAGE
    upstream.down = not up

    answer = client.get(f"/simple/{NAME}/", headers={"accept": JSON, **(basic() if may_read else {})})

    where = OWNERS[published, reserved, override]
    status, files = expected(where=where, published=published, exists=exists, up=up)
    if not may_read:
        assert answer.status_code == 401
        assert upstream.asked == []
        return
    assert answer.status_code == status, answer.content
    if status == 200:
        assert [file["filename"] for file in answer.json()["files"]] == files
    assert upstream.asked == ([] if where == "here" else [NAME])


def test_the_table_is_whole():
    assert set(OWNERS) == set(itertools.product([False, True], [False, True], [None, "local", "upstream", "merge"]))


def test_a_published_name_without_files_is_not_looked_up(client, upstream, publish):
    assert publish(*make_wheel("acme_tools"), name="acme_tools").status_code == 200
    write.withdraw(read.file(NAME, OURS), change=ADMIN)
    answer = client.get(f"/simple/{NAME}/", headers={"accept": JSON, **basic()})
    assert answer.status_code == 200
    assert answer.json()["files"] == []
    assert upstream.asked == []


def test_a_name_first_seen_upstream_is_refused_until_it_is_claimed(client: Client, upstream, publish):
    upstream.pages[NAME] = PAGE
    assert client.get(f"/simple/{NAME}/", headers=basic()).status_code == 200
    refused = publish(*make_wheel("acme_tools"), name="acme_tools")
    assert refused.status_code == 403
    assert b"claim acme-tools" in refused.content
    rules.claim(NAME, "ours", ADMIN)
    assert publish(*make_wheel("acme_tools"), name="acme_tools").status_code == 200
    page = client.get(f"/simple/{NAME}/", headers={"accept": JSON, **basic()}).json()
    assert [file["filename"] for file in page["files"]] == [OURS]
    assert upstream.asked == [NAME]


def test_a_user_who_may_not_read_the_name_makes_nobody_ask(client, upstream):
    upstream.pages[NAME] = PAGE
    user("eve", reader="other-*")
    headers = token("eve")
    assert client.get(f"/simple/{NAME}/", headers=headers).status_code == 404
    assert client.get(f"/packages/{'a' * 64}/{THEIRS}", headers=headers).status_code == 404
    assert upstream.asked == []
    assert client.get("/simple/other-thing/", headers=headers).status_code == 404
    assert upstream.asked == ["other-thing"]


@pytest.mark.parametrize("home", ["embedded and folder", "dynamodb and s3"], indirect=True)
def test_a_name_that_is_seen_elsewhere_while_it_is_uploaded_is_not_published(client, upstream, publish, monkeypatch):
    upstream.pages[NAME] = UpstreamPage(name=NAME)
    fence = collect.fence

    def seen_meanwhile(file):
        # All checks are behind it; somebody's installer asks before the file is listed.
        assert client.get(f"/simple/{NAME}/", headers=basic()).status_code == 200
        return fence(file)

    monkeypatch.setattr(collect, "fence", seen_meanwhile)
    answer = publish(*make_wheel(NAME))
    assert answer.status_code == 403
    assert f"upstream claim {NAME}" in answer.text
    assert read.project(NAME) is None
    monkeypatch.undo()
    rules.claim(NAME, "ours", ADMIN)
    assert publish(*make_wheel(NAME)).status_code == 200


def root(client, **headers) -> list[str]:
    answer = client.get("/simple/", headers={"accept": JSON, **(headers or basic())})
    assert answer.status_code == 200, answer.content
    return [each["name"] for each in json.loads(answer.getvalue())["projects"]]


@pytest.fixture
def listing(upstream, settings):
    """Ask for the upstream's names too."""
    given = {**settings.PACKAGES_APP["upstream"], "list_names": True}
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": given}
    upstream.pages |= {name: UpstreamPage(name=name) for name in ("acme-x", "common", "other")}
    return upstream


def test_the_root_lists_only_our_names_by_default(client, upstream, publish):
    upstream.pages["theirs"] = PAGE
    assert publish(*make_wheel("ours"), name="ours").status_code == 200
    assert root(client) == ["ours"]


def test_the_root_lists_the_upstreams_names_where_it_is_asked_to(client, listing, publish):
    assert publish(*make_wheel("common"), name="common").status_code == 200
    assert root(client) == ["acme-x", "common", "other"]
    rules.reserve("acme-*", "ours", ADMIN)
    assert root(client) == ["common", "other"]
    user("eve", reader="oth*")
    assert root(client, **token("eve")) == ["other"]


def test_the_list_of_names_is_kept_and_marked_while_the_upstream_fails(client, listing, monkeypatch):
    first = client.get("/simple/", headers=basic())
    listing.down = True
    assert "Warning" not in client.get("/simple/", headers=basic())
    monkeypatch.setattr(keeping, "now", lambda: time.time_ns() // 1000 + 7200 * 1_000_000)
    stale = client.get("/simple/", headers=basic())
    assert stale.getvalue() == first.getvalue() != b""
    assert stale["Warning"].startswith("110 ")


UNPACKED = {"gzip": gzip.decompress, "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)}


@pytest.mark.parametrize("coding", UNPACKED)
@pytest.mark.parametrize("accept", [JSON, "text/html"])
def test_the_list_with_the_upstreams_names_is_sent_while_it_is_written(client, listing, publish, coding, accept):
    assert publish(*make_wheel("common"), name="common").status_code == 200
    headers = {"accept": accept, **basic()}
    plain = client.get("/simple/", headers=headers)
    packed = client.get("/simple/", headers={**headers, "accept-encoding": coding})
    assert plain.streaming
    assert packed.streaming
    assert packed["Content-Encoding"] == coding
    assert UNPACKED[coding](packed.getvalue()) == plain.getvalue()
    assert packed["ETag"] != plain["ETag"]
    for name in ("X-PyPI-Last-Serial", "Content-Type", "Vary", "Cache-Control"):
        assert packed[name] == plain[name]
    assert int(plain["X-PyPI-Last-Serial"]) > 1
    again = client.get("/simple/", headers={**headers, "if-none-match": plain["ETag"]})
    assert again.status_code == 304
    head = client.head("/simple/", headers=headers)
    assert (head.status_code, head.getvalue(), head["ETag"]) == (200, b"", plain["ETag"])
    assert "Content-Length" not in head


def test_a_list_that_lambda_could_not_send_is_no_half_one(client, listing, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "largest_answer": 60}
    answer = client.get("/simple/", headers={"accept": JSON, **basic()})
    assert not answer.streaming
    assert answer.status_code == 500
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "largest_answer": 6000}
    assert root(client) == ["acme-x", "common", "other"]


def test_a_list_that_cannot_be_had_is_no_short_list(client, listing):
    listing.down = True
    assert client.get("/simple/", headers=basic()).status_code == 503


def test_the_api_says_where_a_project_comes_from_and_what_is_hidden(client, upstream, settings):
    upstream.pages[NAME] = PAGE
    given = {**settings.PACKAGES_APP["upstream"], "policy": '[{"wheels_only": true, "deny": ["acme-tools>9"]}]'}
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": given}
    assert client.get(f"/simple/{NAME}/", headers=basic()).status_code == 200
    answer = client.get(f"/api/projects/{NAME}/upstream", headers=basic())
    document = answer.json()
    assert document.pop("checked-at").endswith("Z")
    assert document == {
        "name": NAME,
        "owner": "upstream",
        "rule": "",
        "published": False,
        "seen": True,
        "absent": False,
        "fault": "",
        "status": "active",
        "status-reason": "",
        "shown": 0,
        "hidden": [
            {
                "filename": THEIRS,
                "version": "9.9",
                "why": "denied",
                "reason": f"{THEIRS} is hidden: this index's policy denies it.",
            }
        ],
        "counts": {"denied": 1},
    }
    assert upstream.asked == [NAME]
    assert client.get("/api/projects/never-asked/upstream", headers=basic()).json()["seen"] is False
    assert client.get("/api/projects/-bad-/upstream", headers=basic()).status_code == 404
