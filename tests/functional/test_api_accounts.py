"""Tokens, users, groups and roles through the API."""

import json

import pytest

from tests.factories import make_wheel
from tests.functional.conftest import basic
from tests.functional.test_api import asking


@pytest.fixture
def send(client, auth):
    return asking(client, auth)


@pytest.fixture
def bearer(send):
    """Make a token, and return the headers of who comes with it."""

    def make(**wanted) -> dict[str, str]:
        made = send("POST", "tokens", {"actions": ["read"], **wanted}, status=201)
        return {"authorization": f"Bearer {made['token']}"}

    return make


def test_a_token_is_made_used_listed_and_revoked(client, send):
    made = send("POST", "tokens", {"actions": ["read"], "patterns": ["Acme_*"], "description": "CI"}, status=201)
    held = {"authorization": f"Bearer {made['token']}"}
    assert client.get("/simple/", headers=held).status_code == 200
    (listed,) = send("GET", "tokens")["entries"]
    assert (listed["id"], listed["patterns"], listed["state"]) == (made["id"], ["acme-*"], "active")
    assert made["token"] not in json.dumps(send("GET", f"tokens/{made['id']}"))
    for _ in range(2):
        send("DELETE", f"tokens/{made['id']}", status=204)
    assert client.get("/simple/", headers=held).status_code == 401
    assert send("GET", f"tokens/{made['id']}")["state"] == "revoked"


def test_a_token_makes_none_that_could_do_more(send, bearer):
    held = bearer(actions=["read", "upload", "manage"], expires="2090-01-01T00:00:00Z")
    inside = {"actions": ["upload"], "patterns": ["acme-core", "acme-x*"], "expires": "2089-01-01T00:00:00Z"}
    send("POST", "tokens", inside, 201, held)
    for more in (
        {**inside, "actions": ["delete"]},
        {**inside, "expires": None},
        {**inside, "expires": "2091-01-01T00:00:00Z"},
        {**inside, "owner": "ben"},
    ):
        assert send("POST", "tokens", more, 403, held)["error"] == "forbidden"
    for less in (bearer(actions=["read", "upload"]), bearer(actions=["manage"], patterns=["acme-*"])):
        assert send("POST", "tokens", {"actions": ["read"]}, 403, less)["error"] == "forbidden"


def test_a_token_that_only_reads_sees_and_revokes_itself_and_no_other(send, bearer):
    other = send("POST", "tokens", {"actions": ["read"]}, 201)["id"]
    held = bearer()
    (mine,) = send("GET", "tokens", headers=held)["entries"]
    send("GET", f"tokens/{other}", status=404, headers=held)
    send("DELETE", f"tokens/{other}", status=404, headers=held)
    send("DELETE", f"tokens/{mine['id']}", status=204, headers=held)
    assert send("GET", f"tokens/{other}")["state"] == "active"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        pytest.param({"actions": []}, "bad-account", id="that may do nothing"),
        pytest.param({"actions": ["fly"]}, "bad-document", id="with an action that there is not"),
        pytest.param({"actions": ["read"], "patterns": ["a b"]}, "bad-pattern", id="for no project"),
        pytest.param({"actions": ["read"], "networks": ["here"]}, "bad-account", id="from no network"),
        pytest.param({"actions": ["read"], "expires": "soon"}, "bad-document", id="with an end that is no time"),
        pytest.param({"actions": ["read"], "expires": "2001-01-01T00:00:00Z"}, "bad-account", id="that is over"),
    ],
)
def test_no_token_is_made(send, wanted, code):
    assert send("POST", "tokens", wanted, 400)["error"] == code
    assert send("GET", "tokens")["entries"] == []


def test_users_come_in_pages_with_the_configured_ones_among_them(send):
    names = {f"user-{number}" for number in range(5)}
    for name in names:
        send("POST", "users", {"name": name, "display-name": name.title()}, 201)
    found, cursor = [], ""
    while cursor is not None:
        page = send("GET", f"users?limit=2&cursor={cursor}")
        assert len(page["entries"]) <= 2
        found += [user["name"] for user in page["entries"]]
        cursor = page["next"]
    assert found == sorted({"ana", "ben"} | names)
    assert send("GET", "users/ana")["configured"] is True


def test_groups_come_in_pages(send):
    names = [f"group-{number}" for number in range(5)]
    for name in reversed(names):
        send("POST", "groups", {"name": name, "description": name.title()}, 201)
    found, cursor = [], ""
    while cursor is not None:
        page = send("GET", f"groups?limit=2&cursor={cursor}")
        assert len(page["entries"]) <= 2
        found += page["entries"]
        cursor = page["next"]
    assert found == [{"name": name, "description": name.title()} for name in names]


def test_a_user_is_made_changed_and_disabled(client, send):
    send("POST", "groups", {"name": "core"}, 201)
    send("POST", "users", {"name": "cem", "password": "a long password", "groups": ["core"]}, 201)
    assert send("POST", "users", {"name": "cem"}, 409)["error"] == "account-exists"
    made = send("POST", "tokens", {"actions": ["read"], "owner": "cem"}, 201)
    held = {"authorization": f"Bearer {made['token']}"}
    assert send("GET", "users/cem", headers=held, status=403)["error"] == "forbidden"
    assert send("PATCH", "users/cem", {"email": "cem@example.org"})["groups"] == ["core"]
    assert client.get("/simple/", headers=held).status_code == 200
    assert send("PATCH", "users/cem", {"disabled": True})["disabled"] is True
    assert client.get("/simple/", headers=held).status_code == 401
    assert send("DELETE", "groups/core", status=400)["error"] == "bad-account"
    send("PATCH", "users/cem", {"groups": []})
    send("DELETE", "groups/core", status=204)


def test_roles_are_granted_and_taken(client, send, publish):
    assert publish(*make_wheel("demo", "1.0")).status_code == 200
    send("POST", "users", {"name": "cem"}, 201)
    text = send("POST", "tokens", {"actions": ["read", "manage"], "owner": "cem"}, 201)["token"]
    held = {"authorization": f"Bearer {text}"}
    assert client.get("/simple/demo/", headers=held).status_code == 404
    send("PUT", "roles/demo/user:cem", {"role": "reader"})
    assert client.get("/simple/demo/", headers=held).status_code == 200
    send("GET", "projects/demo/roles", headers=held, status=403)
    send("PUT", "roles/demo/user:cem", {"role": "maintainer"})
    roles = send("GET", "projects/demo/roles", headers=held)["entries"]
    assert {"subject": "user:cem", "pattern": "demo", "role": "maintainer"} in roles
    send("PUT", "roles/demo/group:everyone", {"role": "reader"}, headers=held)
    assert send("PUT", "roles/demo/user:cem", {"role": "administrator"}, 403, held)["error"] == "forbidden"
    assert send("PUT", "roles/*/user:cem", {"role": "reader"}, 403, held)["error"] == "forbidden"
    send("PUT", "roles/acme-*/user:cem", {"role": "uploader"})
    assert {"subject": "user:cem", "pattern": "acme-*", "role": "uploader"} in send("GET", "roles")["entries"]
    send("DELETE", "roles/acme-*/user:cem", status=204)
    send("DELETE", "roles/acme-*/user:cem", status=404)
    send("PUT", "roles/demo/cem", {"role": "reader"}, 400)


def test_no_password_or_digest_is_ever_answered(send):
    send("POST", "users", {"name": "cem", "password": "a long password"}, 201)
    told = json.dumps([send("GET", "users"), send("GET", "users/cem")])
    assert "scrypt" not in told
    assert "a long password" not in told


def test_nobody_locks_themselves_out(send):
    send("POST", "users", {"name": "cem", "administrator": True}, 201)
    text = send("POST", "tokens", {"actions": ["read", "administer"], "owner": "cem"}, 201)["token"]
    held = {"authorization": f"Bearer {text}"}
    for change in ({"disabled": True}, {"administrator": False}):
        assert send("PATCH", "users/cem", change, 400, held)["error"] == "bad-account"


def test_the_configured_users_are_changed_by_settings_only(send):
    assert send("PATCH", "users/ben", {"email": "ben@example.org"}, 400)["error"] == "bad-account"
    assert send("POST", "users", {"name": "ben"}, 409, basic())["error"] == "account-exists"
