"""What callers of the API could try: to learn of what they may not read, and to make the index fail."""

import json

import pytest

from tests.factories import make_wheel
from tests.functional.accounts import token, user
from tests.functional.conftest import basic
from tests.functional.test_api import URL, checked

LONG = "x" * 3000


@pytest.fixture
def shelf(publish):
    for name in ("acme-core", "acme-extra", "secret-plan", "secret-tools"):
        assert publish(*make_wheel(name)).status_code == 200
    user("eve", reader="acme-*")


@pytest.mark.usefixtures("shelf")
def test_pages_of_projects_do_not_tell_of_those_that_may_not_be_read(client):
    eve, found, cursor = token("eve"), [], ""
    while cursor is not None:
        page = checked(client.get(f"{URL}projects", {"limit": "1", "cursor": cursor}, headers=eve), "projects")
        assert len(page["entries"]) == 1 or page["next"] is None
        found += [each["name"] for each in page["entries"]]
        cursor = page["next"]
    assert sorted(found) == ["acme-core", "acme-extra"]
    for prefix in ("secret", "secret-plan", "nothing-at-all"):
        page = checked(client.get(f"{URL}projects", {"limit": "1", "prefix": prefix}, headers=eve), "projects")
        assert page == {"entries": [], "next": None}


def test_a_token_of_some_projects_does_not_administer_the_index(client, home):
    limited = token("ana", "acme-*")
    for path in ("users", "groups", "roles", "events"):
        assert client.get(f"{URL}{path}", headers=limited).status_code == 403, path
    assert client.get(f"{URL}tokens", {"user": "*"}, headers=limited).status_code == 403
    assert client.get(f"{URL}users/ben", headers=limited).status_code == 403


@pytest.mark.parametrize(
    ("path", "query"),
    [
        pytest.param(f"projects/acme-core/files/{LONG}", {}, id="a long file name"),
        pytest.param(f"projects/{LONG}", {}, id="a long project name"),
        pytest.param(f"projects/acme-core/releases/{LONG}", {}, id="a long version"),
        pytest.param(f"users/{LONG}", {}, id="a long user name"),
        pytest.param(f"tokens/{LONG}", {}, id="a long token id"),
        pytest.param("projects", {"prefix": LONG}, id="a long prefix"),
        pytest.param("tokens", {"user": LONG}, id="a long owner"),
        pytest.param("events", {"project": LONG}, id="a long project of events"),
        pytest.param("events", {"actor": "ü" * 3000}, id="a long actor of events"),
        pytest.param("events", {"since": "0001-01-01T00:00:00+14:00"}, id="a moment before all time"),
        pytest.param("events", {"until": "9999-12-31T23:59:59-14:00"}, id="a moment after all time"),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_what_is_asked_without_measure_is_refused_and_no_fault(client, auth, path, query):
    for who in (auth, token("eve")):
        answer = client.get(URL + path, query, headers=who)
        assert answer.status_code in {200, 400, 403, 404}, answer.content


@pytest.mark.parametrize(
    ("method", "path", "document", "status"),
    [
        pytest.param("DELETE", f"roles/acme-core/user:{LONG}", None, 404, id="a role of a long name"),
        pytest.param("PUT", f"roles/acme-*/group:{LONG}", {"role": "reader"}, 404, id="a role of a long group"),
        pytest.param("DELETE", f"groups/{LONG}", None, 404, id="a long group"),
        pytest.param("POST", "groups", {"name": "x", "description": "\ud800"}, 400, id="half a character"),
        pytest.param(
            "PATCH", "projects/acme-core", {"status": "archived", "reason": "\ud800"}, 400, id="half a reason"
        ),
        pytest.param(
            "POST",
            "projects/acme-core/retention",
            {"keep-last": 1, "older-than-days": -(10**12)},
            400,
            id="an age before all time",
        ),
        pytest.param(
            "POST",
            "projects/acme-core/retention",
            {"keep-last": 10**30, "older-than-days": 10**30},
            200,
            id="an age of everything",
        ),
        pytest.param(
            "POST", "tokens", {"actions": ["read"], "expires": "9999-12-31T23:59:59Z"}, 400, id="a token for ever"
        ),
        pytest.param(
            "POST", "tokens", {"actions": ["read"], "expires": "0001-01-01T00:00:00+14:00"}, 400, id="before all time"
        ),
        pytest.param("POST", "tokens", {"actions": ["read"], "owner": LONG[:2000]}, 404, id="a token of a long name"),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_what_is_sent_without_measure_is_refused_and_no_fault(client, method, path, document, status):
    answer = client.generic(method, URL + path, json.dumps(document), content_type="application/json", headers=basic())
    assert answer.status_code == status, answer.content


@pytest.mark.usefixtures("shelf")
def test_a_trail_to_a_day_far_ahead_begins_with_the_newest_event(client, auth):
    page = checked(client.get(f"{URL}events", {"until": "9000-01-01T00:00:00Z"}, headers=auth), "events")
    assert len(page["entries"]) == len(checked(client.get(f"{URL}events", headers=auth), "events")["entries"]) > 0


@pytest.mark.usefixtures("shelf")
def test_a_tag_of_many_digits_is_refused(client, auth):
    for digits in ("9" * 40, "9" * 6000):
        answer = client.delete(f"{URL}projects/acme-core", headers={**auth, "if-match": f'"{digits}"'})
        assert answer.status_code in {400, 412}, answer.content


def test_a_token_makes_none_for_others_that_could_do_more(client, home):
    user("bot")
    limited = token("ana", actions=("read", "administer"))
    for wanted, status in (({"actions": ["read"]}, 201), ({"actions": ["read", "upload"]}, 403)):
        answer = client.post(
            f"{URL}tokens", json.dumps({"owner": "bot", **wanted}), content_type="application/json", headers=limited
        )
        assert answer.status_code == status, answer.content
