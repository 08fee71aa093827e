"""What scripts find across the index: by searching, in the trail, and how often files were downloaded."""

import pytest

from packages_app.downloads import count
from tests.factories import make_wheel, sha256
from tests.functional.accounts import token, user
from tests.functional.test_api import URL, checked


def wheel(name: str, summary: str) -> tuple[str, bytes]:
    """Return a wheel that says this of itself."""
    return make_wheel(name, core=f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nSummary: {summary}\n\n".encode())


@pytest.fixture
def get(client, auth):
    """Ask the API, as whoever the headers say."""

    def ask(path: str, headers: dict | None = None, **query) -> dict:
        answer = client.get(URL + path, query, headers=headers or auth)
        assert answer.status_code == 200, answer.content
        return checked(answer, path)

    return ask


@pytest.fixture(autouse=True)
def _published(publish):
    for name, summary in (("acme-core", "Frobnicates widgets"), ("other", "Paints widgets")):
        assert publish(*wheel(name, summary)).status_code == 200
    user("eve", reader="acme-*")


def test_the_search_shows_only_what_its_caller_may_read(get):
    assert {each["name"] for each in get("search", q="widgets")["entries"]} == {"acme-core", "other"}
    (found,) = get("search", token("eve"), q="widg")["entries"]
    assert (found["name"], found["summary"]) == ("acme-core", "Frobnicates widgets")
    assert get("search", q="")["entries"] == []


def test_downloads_are_counted_by_day_and_version(client, auth, get):
    filename, data = wheel("acme-core", "Frobnicates widgets")
    client.get(f"/packages/{sha256(data)}/{filename}", headers=auth).close()
    count.counted.flush()
    days = get("projects/acme-core/downloads", days="3")["entries"]
    assert [day["count"] for day in days] == [0, 0, 1]
    assert days[-1]["versions"] == {"1.0": 1}


def test_the_trail_comes_in_pages_newest_first_and_by_project(get):
    first = get("events", limit="1")
    assert first["entries"][0]["action"] in {"grant.add", "user.create"}
    (event,) = get("events", project="Acme_Core")["entries"]
    assert (event["action"], event["actor"], event["source"]) == ("file.publish", "ana", "legacy")
    found, cursor = [], first["next"]
    while cursor:
        page = get("events", limit="1", cursor=cursor)
        found += page["entries"]
        cursor = page["next"]
    assert len(found) == len(get("events")["entries"]) - 1
    assert [each["id"] for each in found] == sorted((each["id"] for each in found), reverse=True)


def test_times_bound_the_trail(client, auth, get):
    assert get("events", until="2026-01-01T00:00:00Z")["entries"] == []
    answer = client.get(f"{URL}events", {"since": "yesterday"}, headers=auth)
    assert answer.status_code == 400
    assert "since" in checked(answer, "events")["detail"]
