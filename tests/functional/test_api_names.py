"""Rules about names through the API: whose they are where there is another index behind this one."""

import json

import pytest

from packages_app.upstream import ownership, rules
from packages_app.upstream.entries import Owner
from tests.functional.accounts import token
from tests.functional.test_api import URL, checked

WHERE = f"{URL}upstream/rules"


@pytest.fixture
def send(client, auth, configure):
    """Send a request for a rule, and return its document; a status other than 200 is named."""
    configure(upstream={"urls": ("https://upstream.example/simple/",), "reserved": ("secret",)})
    rules.last.clear()

    def ask(method: str, pattern: str = "", document: dict | None = None, status: int = 200):
        path = f"{WHERE}/{pattern}" if pattern else WHERE
        body = b"" if document is None else json.dumps(document)
        answer = client.generic(method, path, body, content_type="application/json", headers=auth)
        assert answer.status_code == status, answer.content
        return None if status == 204 else checked(answer, path.removeprefix(URL))

    return ask


def trail(client, auth) -> list[dict]:
    found = client.get(f"{URL}events", headers=auth).json()["entries"]
    return [each for each in found if each["action"].startswith("upstream.")]


def test_names_are_reserved_claimed_merged_listed_and_released(send, client, auth):
    made = send("PUT", "Acme_*", {"owner": "reserved", "reason": "our prefix"})
    assert (made["pattern"], made["owner"], made["actor"]) == ("acme-*", "reserved", "ana")
    assert made["decided-at"].endswith("Z")
    send("PUT", "tools", {"owner": "local", "reason": "we published it first"})
    send("PUT", "lib", {"owner": "merge", "reason": "we add wheels"})
    assert ownership.owner("lib", published=False) is Owner.MERGE
    listed = send("GET")["entries"]
    assert [(each["pattern"], each["owner"], each["reason"]) for each in listed] == [
        ("acme-*", "reserved", "our prefix"),
        ("lib", "merge", "we add wheels"),
        ("secret", "reserved", "PYPI_UPSTREAM_RESERVED"),
        ("tools", "local", "we published it first"),
    ]
    assert listed[2]["decided-at"] is None
    send("DELETE", "lib", status=204)
    assert [each["pattern"] for each in send("GET")["entries"]] == ["acme-*", "secret", "tools"]
    newest = trail(client, auth)[0]
    assert (newest["action"], newest["target"], newest["actor"], newest["source"]) == (
        "upstream.release",
        "lib",
        "ana",
        "api",
    )
    assert newest["before"] == {"owner": "merge", "reason": "we add wheels"}


@pytest.mark.parametrize(
    ("method", "pattern", "document", "status", "code"),
    [
        pytest.param("PUT", "secret", {"owner": "merge", "reason": "r"}, 409, "name-reserved", id="a reserved name"),
        pytest.param("PUT", "*", {"owner": "merge", "reason": "r"}, 400, "bad-pattern", id="every name"),
        pytest.param("PUT", "lib", {"owner": "merge"}, 400, "bad-document", id="no reason"),
        pytest.param("PUT", "lib", {"owner": "theirs", "reason": "r"}, 400, "bad-document", id="an unknown owner"),
        pytest.param("PUT", "lib", {"owner": "local", "reason": "r" * 501}, 400, "bad-document", id="a long reason"),
        pytest.param("DELETE", "lib", None, 404, "no-such-rule", id="a rule that nobody wrote"),
        pytest.param("DELETE", "secret", None, 404, "no-such-rule", id="a rule of the settings"),
        pytest.param("DELETE", "a b", None, 400, "bad-pattern", id="no pattern"),
    ],
)
@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(  # noqa: PLR0917 - fixtures, and a column each
    send, client, auth, method, pattern, document, status, code
):
    refused = send(method, pattern, document, status)
    assert refused["error"] == code
    assert [each["pattern"] for each in send("GET")["entries"]] == ["secret"]
    assert trail(client, auth) == []


def test_the_trail_names_the_token(send, client, auth):
    held = token("ana")
    body = json.dumps({"owner": "reserved", "reason": "ours"})
    assert client.put(f"{WHERE}/acme-*", body, content_type="application/json", headers=held).status_code == 200
    assert trail(client, auth)[0]["token"]


def test_a_token_of_some_projects_decides_nothing(send, client):
    limited = token("ana", "acme-*")
    body = json.dumps({"owner": "local", "reason": "ours"})
    put = client.put(f"{WHERE}/acme-x", body, content_type="application/json", headers=limited)
    assert [put.status_code, client.get(WHERE, headers=limited).status_code] == [403, 403]
    assert [each["pattern"] for each in send("GET")["entries"]] == ["secret"]
