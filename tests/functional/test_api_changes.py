"""What scripts change through the API, and how the index reads afterwards."""

import time

import pytest

from packages_app.audit import read as audit
from tests.factories import make_wheel
from tests.functional.conftest import basic
from tests.functional.test_api import URL, asking

WHEEL = "demo-1.0-py3-none-any.whl"


@pytest.fixture
def send(client, auth):
    ask = asking(client, auth)

    def with_headers(method: str, path: str, document=None, status: int = 200, headers: dict | None = None):
        return ask(method, path, document, status, {**auth, **(headers or {})})

    return with_headers


@pytest.fixture(autouse=True)
def _demo(publish):
    for version in ("1.0", "1.1", "2.0rc1", "2.0"):
        assert publish(*make_wheel("demo", version)).status_code == 200


def page(client) -> dict:
    answer = client.get("/simple/demo/", headers={**basic(), "accept": "application/vnd.pypi.simple.v1+json"})
    return {} if answer.status_code == 404 else answer.json()


def test_a_file_is_yanked_and_that_is_taken_back(client, send):
    for _ in range(2):  # again is fine
        assert send("PATCH", f"projects/demo/files/{WHEEL}", {"yanked": True, "reason": "broken"})["yanked"] is True
    assert {file["filename"]: file["yanked"] for file in page(client)["files"]}[WHEEL] == "broken"
    assert send("PATCH", f"projects/demo/files/{WHEEL}", {"yanked": False})["yanked"] is False
    assert {file["yanked"] for file in page(client)["files"]} == {False}


def test_a_release_is_yanked(client, send):
    told = send("PATCH", "projects/demo/releases/1.1.0", {"yanked": True})
    assert (told["version"], told["yanked"]) == ("1.1", True)
    assert [file["filename"] for file in page(client)["files"] if file["yanked"]] == ["demo-1.1-py3-none-any.whl"]


def test_a_project_is_archived(client, send):
    told = send("PATCH", "projects/demo", {"status": "archived", "reason": "moved"})
    assert (told["status"], told["status-reason"]) == ("archived", "moved")
    assert page(client)["project-status"] == {"status": "archived", "reason": "moved"}


def test_a_file_a_release_and_a_project_are_deleted(client, send):
    send("DELETE", f"projects/demo/files/{WHEEL}", status=204)
    assert WHEEL not in {file["filename"] for file in page(client)["files"]}
    send("DELETE", "projects/demo/releases/2.0", status=204)
    assert page(client)["versions"] == ["1.1", "2.0rc1"]
    send("DELETE", "projects/demo", status=204)
    assert page(client) == {}
    assert send("DELETE", "projects/demo", status=404)["error"] == "no-such-project"


def test_a_change_can_demand_what_its_caller_last_saw(client, auth, send):
    tag = client.get(f"{URL}projects/demo", headers=auth)["ETag"]
    send("PATCH", "projects/demo", {"status": "deprecated"}, headers={"if-match": tag})
    told = send("DELETE", "projects/demo", status=412, headers={"if-match": tag})
    assert told["error"] == "stale"
    assert page(client)["versions"]
    assert send("DELETE", "projects/demo", status=400, headers={"if-match": "5"})["error"] == "bad-request"


def test_a_retention_rule_says_first_what_it_would_delete(client, send):
    rule = {"keep-last": 1}
    told = send("POST", "projects/demo/retention", rule)
    assert ([each["version"] for each in told["removals"]], told["applied"]) == (["1.0", "1.1", "2.0rc1"], False)
    assert len(page(client)["versions"]) == 4
    assert send("POST", "projects/demo/retention", {**rule, "apply": True})["applied"] is True
    assert page(client)["versions"] == ["2.0"]
    assert send("POST", "projects/demo/retention", {}, status=400)["error"] == "bad-rule"


@pytest.mark.parametrize(
    ("path", "document", "sources"),
    [
        pytest.param(f"projects/demo/files/{WHEEL}", {}, ["yanked"], id="a field that is missing"),
        pytest.param(f"projects/demo/files/{WHEEL}", {"yanked": "yes"}, ["yanked"], id="another type"),
        pytest.param(f"projects/demo/files/{WHEEL}", {"yanked": True, "why": "x"}, ["why"], id="an unknown field"),
        pytest.param("projects/demo", {"status": "gone"}, ["status"], id="no such status"),
        pytest.param("projects/demo", {"status": "active", "reason": "x" * 501}, ["reason"], id="a long reason"),
        pytest.param("projects/demo", ["active"], [], id="an array"),
    ],
)
def test_a_body_that_does_not_do_changes_nothing(client, send, path, document, sources):
    before = page(client)
    told = send("PATCH", path, document, status=400)
    assert told["error"] == "bad-document"
    assert all(name in told["detail"] for name in sources)
    assert page(client) == before


def test_a_body_of_another_type_is_refused(client, auth):
    answer = client.patch(f"{URL}projects/demo", "status=active", content_type="text/plain", headers=auth)
    assert answer.status_code == 415
    answer = client.patch(f"{URL}projects/demo", "{", content_type="application/json", headers=auth)
    assert answer.status_code == 400


def test_what_scripts_do_is_in_the_trail(send):
    send("PATCH", f"projects/demo/files/{WHEEL}", {"yanked": True, "reason": "broken"})
    event = next(iter(audit.events(time.strftime("%Y-%m", time.gmtime()))))
    assert (event.action, event.actor, event.source, event.target) == ("file.yank", "ana", "api", WHEEL)
