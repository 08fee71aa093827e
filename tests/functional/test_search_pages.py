"""Home and search, as a browser asks for them."""

import re

import pytest

from tests.factories import make_wheel
from tests.functional.accounts import token, user

pytestmark = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


def core(name: str, summary: str) -> bytes:
    return f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nSummary: {summary}\n\n".encode()


@pytest.fixture
def harbour(publish):
    """Three projects."""
    for name, summary in [("Harbour.API", "Ships <b>in</b> and out"), ("buoy", "Afloat"), ("keel", "Ships upright")]:
        assert publish(*make_wheel(name.replace(".", "_"), core=core(name, summary))).status_code == 200


def found(page: str) -> list[str]:
    return re.findall(r'href="/project/([^/"]+)/"', page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("harbour", ["harbour-api"]),
        ("HARB", ["harbour-api"]),
        ("ships", ["keel", "harbour-api"]),
        ("ships out", ["harbour-api"]),
        ("nothing", []),
        ("", []),
    ],
)
def test_projects_are_found_by_words_and_their_beginnings(client, auth, harbour, query, expected):
    answer = client.get("/search/", {"q": query}, headers=auth)
    assert answer.status_code == 200
    assert found(answer.text) == expected


def test_the_search_says_what_it_looked_for_and_shows_summaries_as_text(client, auth, harbour):
    page = client.get("/search/", {"q": 'ships "><script>'}, headers=auth).text
    assert "<script>" not in page
    assert 'value="ships &quot;&gt;&lt;script&gt;"' in page
    page = client.get("/search/", {"q": "ships"}, headers=auth).text
    assert "Ships &lt;b&gt;in&lt;/b&gt; and out" in page


def test_a_long_list_comes_page_by_page(client, auth, publish):
    for number in range(23):
        publish(*make_wheel(f"ship-{number}"))
    page, seen = client.get("/search/", {"q": "ship"}, headers=auth).text, []
    seen += found(page)
    (more,) = re.findall(r'href="(\?q=ship&amp;after=[^"]+)"', page)
    page = client.get("/search/" + more.replace("&amp;", "&"), headers=auth).text
    assert sorted(seen + found(page)) == sorted(f"ship-{number}" for number in range(23))
    assert "after=" not in page


def test_a_cursor_that_is_none_is_told_so(client, auth, harbour):
    answer = client.get("/search/", {"q": "ships", "after": "x"}, headers={**auth, "accept": "text/html"})
    assert answer.status_code == 400
    assert "search again from the start" in answer.text


def test_home_shows_what_came_lately(client, auth, harbour):
    page = client.get("/", headers=auth).text
    assert re.findall(r'href="/project/([^/"]+)/1.0/"', page) == ["keel", "buoy", "harbour-api"]
    assert "Harbour.API" in page


def test_nobody_is_shown_what_they_may_not_read(client, harbour):
    user("eve", reader="harbour-*")
    eve = token("eve")
    assert found(client.get("/search/", {"q": "ships"}, headers=eve).text) == ["harbour-api"]
    assert re.findall(r'href="/project/([^/"]+)/1.0/"', client.get("/", headers=eve).text) == ["harbour-api"]
    statuses = [client.get(f"/project/{name}/", headers=eve).status_code for name in ("harbour-api", "keel", "absent")]
    assert statuses == [200, 404, 404]
    hidden, absent = (client.get(f"/project/{name}/", headers=eve).text for name in ("keel", "absent"))
    assert hidden.replace("keel", "absent") == absent
