"""The commands yank, unyank, delete, status and retention, in each home: what they print, change and exit with."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from packages_app.audit.read import events
from packages_app.catalogue import read
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.management import operator
from packages_app.storage_events import stored
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.commands import manage
from tests.functional.conftest import basic

WHEEL, SDIST, NEXT = make_wheel(), make_sdist(), make_wheel(version="2.0")


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    monkeypatch.setattr(stored, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def demo(publish):
    for made in (WHEEL, SDIST, NEXT):
        assert publish(*made).status_code == 200


def page(client) -> dict:
    return client.get("/simple/demo/?format=application/vnd.pypi.simple.v1+json", headers=basic()).json()


def yanked(client) -> dict[str, str | bool]:
    return {file["filename"]: file["yanked"] for file in page(client)["files"] if file["yanked"]}


def trail() -> list[tuple[str, str, str]]:
    month = datetime.now(UTC).strftime("%Y-%m")
    return [(found.action, found.target, found.actor) for found in events(month) if found.action != "file.publish"]


def test_a_release_is_yanked_and_back_and_installers_see_it(demo, client):
    code, said = manage("yank", "Demo", "1.0", "--reason", "broken <b>", "--as", "ana")
    assert (code, sorted(said.splitlines())) == (0, [f"{WHEEL[0]}: yanked", f"{SDIST[0]}: yanked"])
    assert yanked(client) == {WHEEL[0]: "broken <b>", SDIST[0]: "broken <b>"}
    assert manage("yank", "demo", "1.0", "--reason", "broken <b>")[1].startswith("It was yanked so before")
    assert manage("unyank", WHEEL[0]) == (0, f"{WHEEL[0]}: not yanked any more\n")
    assert yanked(client) == {SDIST[0]: "broken <b>"}
    assert manage("unyank", "demo", "1.0") == (0, f"{SDIST[0]}: not yanked any more\n")
    assert manage("unyank", "demo", "1.0") == (0, "It was not yanked; nothing changed.\n")
    assert trail()[-1] == ("release.yank", "1.0", "ana")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("yank", "demo"), "Name the version too", id="no version"),
        pytest.param(("yank", WHEEL[0], "1.0"), "not both", id="a file and a version"),
        pytest.param(("yank", "demo", "9"), "no release 9", id="no such release"),
        pytest.param(("unyank", "demo-9.tar.gz"), "no file named", id="no such file"),
        pytest.param(("yank", "no name", "1"), "not a project name", id="no name"),
        pytest.param(("delete", "none", "--yes"), "no project named none", id="no such project"),
        pytest.param(("delete", "demo"), "This deletes the whole project demo. Run it with --yes", id="nobody to ask"),
        pytest.param(("status", "none"), "no project named none", id="status of no project"),
        pytest.param(("status", "demo", "quarantined"), "Say why", id="quarantine without a reason"),
        pytest.param(("retention", "demo"), "Say what to keep", id="a rule that keeps nothing"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence_and_changes_nothing(demo, client, monkeypatch, arguments, says):
    monkeypatch.setattr(operator.sys, "stdin", io.StringIO())
    before = page(client)
    code, said = manage(*arguments)
    assert (code > 0, says in said) == (True, True), said
    assert page(client) == before
    assert trail() == []


def test_a_status_is_told_and_set(demo, client):
    assert manage("status", "Demo") == (0, "demo is active\n")
    assert manage("status", "demo", "archived", "--reason", "see demo2") == (0, "demo is archived: see demo2\n")
    assert page(client)["project-status"] == {"status": "archived", "reason": "see demo2"}
    assert manage("status", "demo", "active") == (0, "demo is active\n")


class Terminal(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("arguments", "typed", "left"),
    [
        pytest.param(("demo", "1.0"), "demo 1.0", {NEXT[0]}, id="a release"),
        pytest.param((WHEEL[0],), WHEEL[0], {SDIST[0], NEXT[0]}, id="a file"),
        pytest.param(("demo",), "demo", None, id="a project"),
        pytest.param(("demo",), "yes", {WHEEL[0], SDIST[0], NEXT[0]}, id="typed wrongly"),
    ],
)
@pytest.mark.usefixtures("demo")
def test_who_deletes_types_what(client, monkeypatch, arguments, typed, left):
    monkeypatch.setattr(operator.sys, "stdin", Terminal(f"{typed}\n"))
    code, _ = manage("delete", *arguments)
    assert code == (1 if typed == "yes" else 0)
    if left is None:
        assert client.get("/simple/demo/", headers=basic()).status_code == 404
        assert b"demo" not in client.get("/simple/", headers=basic()).content
    else:
        assert {file["filename"] for file in page(client)["files"]} == left


def test_a_deleted_file_can_be_downloaded_until_reconcile_collects_it(demo, client):
    url = next(file["url"] for file in page(client)["files"] if file["filename"] == WHEEL[0]).removeprefix("../..")
    manage("delete", WHEEL[0], "--yes")
    answer = client.get(url, headers=basic())
    answer.close()
    assert answer.status_code in {200, 302}
    assert manage("reconcile", "--apply", "--grace", "0")[0] == 0
    assert client.get(url, headers=basic()).status_code == 404
    assert not [blob for blob in store.walk() if WHEEL[0] in blob.key]


def test_a_deleted_project_offers_nothing_and_reconcile_clears_its_bytes_away(demo, client):
    url = page(client)["files"][0]["url"].removeprefix("../..")
    assert manage("delete", "demo", "--yes") == (0, "demo: deleted\n")
    assert client.get(url, headers=basic()).status_code == 404
    assert manage("reconcile", "--apply")[0] == 0, "within the grace nothing is to be done, and nothing is listed again"
    assert read.project("demo") is None
    assert len({blob.key.split("/")[1] for blob in store.walk()}) == 3
    code, said = manage("reconcile", "--apply", "--grace", "0")
    assert (code, "retired 3 mended" in " ".join(said.split())) == (0, True), said
    assert list(store.walk()) == []
    assert list(read.deleted()) == []


@pytest.mark.parametrize("after", ["delete", "delete and clear away"])
def test_a_deleted_name_is_taken_for_other_bytes_unless_overwriting_is_on(demo, publish, configure, client, after):
    manage("delete", "demo", "--yes")
    if after == "delete and clear away":
        manage("reconcile", "--apply", "--grace", "0")
    other = make_wheel(content=b"other")[1]
    answer = publish(WHEEL[0], other)
    assert (answer.status_code, "stays taken" in answer.reason_phrase) == (409, True)
    assert read.project("demo") is None
    assert publish(*WHEEL).status_code == 200
    configure(overwrite=True)
    assert publish(SDIST[0], make_sdist(content=b"other")[1]).status_code == 200
    assert len(page(client)["files"]) == 2


def test_bytes_that_came_back_behind_the_index_do_not_undo_a_deletion(demo, home):
    manage("delete", WHEEL[0], "--yes")
    manage("reconcile", "--apply", "--grace", "0")
    storages["packages"].save(keys.blob(sha256(WHEEL[1]), WHEEL[0]), ContentFile(WHEEL[1]))
    manage("reconcile", "--apply", "--grace", "0")
    assert read.file("demo", WHEEL[0]) is None


def test_retention_is_a_dry_run_unless_told_otherwise(demo, client):
    code, said = manage("retention", "demo", "--keep-last", 1)
    assert (code, "demo 1.0: 2 files" in said, "would be deleted" in said) == (1, True, True), said
    assert len(page(client)["files"]) == 3
    code, said = manage("retention", "d*", "--keep-last", 1, "--apply", "--as", "ana")
    assert (code, "(deleted)" in said) == (0, True), said
    assert [file["filename"] for file in page(client)["files"]] == [NEXT[0]]
    assert trail() == [("release.delete", "1.0", "ana")]
    assert manage("retention", "d*", "--keep-last", 1) == (0, "0 releases of 0 bytes\n")
    assert manage("retention", "demo", "--older-than", 0, "--apply")[0] == 0
    assert len(page(client)["files"]) == 1
