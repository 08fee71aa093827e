import pytest

from packages_app.discovery import search as module
from packages_app.discovery.errors import BadCursor
from packages_app.discovery.search import search
from packages_app.sealed import seal
from packages_app.tables.base import connection
from tests.unit.discovery.conftest import project


def everyone(_: str) -> bool:
    return True


def names(query: str, may_read=everyone, **given) -> list[str]:
    return [found.name for found in search(query, may_read, **given).projects]


@pytest.fixture
def shelf():
    project("acme-http", summary="Talks to Acme.", keywords="client")
    project("http", summary="The protocol.")
    project("httpie-tools", summary="A command line.")
    project("curl", summary="Speaks HTTP and more.", keywords="network, http-client")
    project("notes", summary="Has nothing to do with it, but mentions http.")


def every_page(query: str, limit: int, may_read=everyone) -> list[str]:
    """Return all hits, page by page."""
    found, cursor, seen = [], "", set()
    while True:
        page = search(query, may_read, cursor=cursor, limit=limit)
        assert len(page.projects) <= limit
        found += [each.name for each in page.projects]
        if not page.cursor:
            return found
        assert page.cursor not in seen
        seen.add(page.cursor)
        cursor = page.cursor


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("http", ["http", "acme-http", "httpie-tools", "curl", "notes"], id="names, keywords, summaries"),
        pytest.param("HTTP Acme", ["acme-http"], id="every word"),
        pytest.param("client http", ["curl", "acme-http"][::-1], id="words of several places"),
        pytest.param("htt comm", ["httpie-tools"], id="beginnings"),
        pytest.param("acme-http", ["acme-http"], id="a name"),
        pytest.param("ttp", [], id="no beginning"),
        pytest.param("http absent", [], id="one word that is nowhere"),
        pytest.param("", [], id="nothing"),
        pytest.param("<script>", [], id="script"),
        pytest.param("x" * 10_000, [], id="endless"),
    ],
)
@pytest.mark.parametrize("rows", [300, 0], ids=["put in order", "as the rows come"])
def test_projects_are_found_best_first(monkeypatch, rows, query, found):
    monkeypatch.setattr(module, "MOST_RANKED", rows or 1)
    if rows:
        assert names(query) == found
    assert set(names(query)) == set(found)
    if query == "http":
        assert names(query)[0] == "http"


@pytest.mark.parametrize("rows", [300, 5], ids=["put in order", "as the rows come"])
@pytest.mark.parametrize("limit", [1, 3, 50])
def test_pages_of_any_size_hold_every_hit_once(monkeypatch, rows, limit):
    monkeypatch.setattr(module, "MOST_RANKED", rows)
    wanted = {f"demo-{number}" for number in range(20)} | {"demo"}
    for name in wanted:
        project(name, summary="A demonstration demo.")
    found = every_page("demo", limit)
    assert (set(found), len(found), found[0]) == (wanted, len(wanted), "demo")
    odd = {name for name in wanted if name[-1:] in "13579"}
    found = every_page("demo", limit, may_read=lambda name: name in odd)
    assert (set(found), len(found)) == (odd, len(odd))


def test_one_page_reads_no_more_than_its_measure(monkeypatch):
    monkeypatch.setattr(module, "MOST_RANKED", 2)
    monkeypatch.setattr(module, "MOST_STREAMED", 4)
    for number in range(12):
        project(f"demo-{number}")
    asked = []
    page = search("demo", lambda name: asked.append(name) or False)
    assert (page.projects, bool(page.cursor), len(asked)) == ((), True, 5)


def test_one_character_is_a_word_of_its_own():
    project("r-tools")
    project("rest")
    assert names("r") == ["r-tools"]


@pytest.mark.parametrize("cursor", ["x", "rabc", "r-1", "szzz", "sdemo", "s" + "demo" * 400 + "#0#x", "r²"])
@pytest.mark.usefixtures("shelf")
def test_a_cursor_that_no_search_gave_is_refused(cursor):
    for given in (cursor, seal(cursor)):
        with pytest.raises(BadCursor, match="search again"):
            search("demo", everyone, cursor=given)


@pytest.mark.parametrize("most_ranked", [2, 200], ids=["as they come", "in order"])
def test_a_cursor_tells_nothing_of_projects_that_may_not_be_read(monkeypatch, most_ranked):
    monkeypatch.setattr(module, "MOST_RANKED", most_ranked)
    for name in ("demo-a", "demo-hidden-1", "demo-hidden-2", "demo-z"):
        project(name)

    def may_read(name: str) -> bool:
        return "hidden" not in name

    page = search("demo", may_read, limit=1)
    assert "hidden" not in page.cursor
    assert [each.name for each in page.projects] == ["demo-a"]
    kind, place = module.opened(page.cursor)
    assert (kind, place) == ("r", "1") or kind == "s"  # what is hidden is not counted
    assert [each.name for each in search("demo", may_read, cursor=page.cursor).projects] == ["demo-z"]


@pytest.mark.parametrize("query", ["demonstration", "demo", "demo demonstration", "demo-7"])
def test_a_search_costs_a_few_reads_and_never_a_scan_or_a_write(monkeypatch, query):
    monkeypatch.setattr(module, "MOST_RANKED", 10)
    for number in range(30):
        project(f"demo-{number}", summary="A demonstration.")
    asked, kind = [], type(connection())
    call = kind._make_api_call

    def watched(made, operation, *rest):
        asked.append(operation)
        return call(made, operation, *rest)

    monkeypatch.setattr(kind, "_make_api_call", watched)
    assert search(query, everyone, limit=5).projects
    assert set(asked) <= {"Query", "GetItem", "BatchGetItem"}
    assert len(asked) <= 5
