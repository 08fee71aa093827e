from dataclasses import replace

import pytest

from packages_app.catalogue.entries import Description, Project
from packages_app.discovery.words import joined, of_project, pairs, parsed, score, terms, written


def project(name: str, summary: str = "", keywords: tuple[str, ...] = ()) -> Project:
    return Project(name=name, display_name=name, serial=1, described=Description(summary=summary, keywords=keywords))


def test_each_word_is_kept_once_with_the_best_place_it_comes_from():
    found = of_project(project("acme-http", "An HTTP client for the Acme API", ("client", "REST API")))
    assert found == {"acme": 0, "http": 0, "client": 1, "rest": 1, "api": 1}
    assert parsed(written(found)) == found


def test_words_are_compared_without_case_and_form():
    assert set(of_project(project("x", "Straße \uff26\uff35ll Émile"))) >= {"x", "strasse", "full", "émile"}


def test_text_of_any_length_makes_words_of_bounded_length():
    endless = replace(
        project("x"), described=Description(summary="y" * 500 + " " + " ".join(f"w{n}" * 9 for n in range(999)))
    )
    assert len(written(of_project(endless))) <= 1000


def test_while_an_index_is_written_a_word_may_come_from_two_places():
    assert pairs(joined({("demo", 0), ("demo", 2)})) == {("demo", 0), ("demo", 2)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("  HTTP client", ("client", "http"), id="longest first"),
        pytest.param("acme_data-tools", ("tools", "acme", "data"), id="a name in parts"),
        pytest.param("a client for the", ("client",), id="noise left out"),
        pytest.param("for the", ("for", "the"), id="nothing but noise"),
        pytest.param("#!<>", (), id="no word"),
        pytest.param("one two three four five six seven", ("seven", "three", "five", "four", "one", "six"), id="six"),
        pytest.param("x" * 5000, ("x" * 40,), id="endless"),
    ],
)
def test_a_query_becomes_terms(query, found):
    assert terms(query) == found


@pytest.mark.parametrize(
    ("term", "points"),
    [
        pytest.param("acme", 0, id="a name's word"),
        pytest.param("acm", 1, id="the beginning of a name's word"),
        pytest.param("client", 2, id="a keyword"),
        pytest.param("cl", 3, id="the beginning of a keyword"),
        pytest.param("rest", 4, id="a summary's word"),
        pytest.param("re", 5, id="the beginning of a summary's word"),
        pytest.param("r", None, id="one character stands for itself"),
        pytest.param("cme", None, id="no beginning"),
    ],
)
def test_better_places_and_whole_words_score_better(term, points):
    assert score({"acme": 0, "client": 1, "rest": 2}, term) == points
