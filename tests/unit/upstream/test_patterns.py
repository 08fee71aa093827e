import pytest

from packages_app.upstream.errors import BadPattern
from packages_app.upstream.patterns import exactness, matches, pattern


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("demo", "demo"),
        ("Acme_*", "acme-*"),
        ("acme.tools", "acme-tools"),
        ("acme-**", "acme-*"),
        ("*-internal", "*-internal"),
    ],
)
def test_a_pattern_is_compared_as_names_are(written, expected):
    assert pattern(written) == expected


@pytest.mark.parametrize(
    "written", ["", "*", "**", "*-*", "a b", "acme/*", "-acme", "acme-", "a" * 300, "[ab]*", "a?b"]
)
def test_what_no_name_could_match_or_every_name_would_is_refused(written):
    with pytest.raises(BadPattern, match="no pattern of project names"):
        pattern(written)


@pytest.mark.parametrize(
    ("written", "name", "expected"),
    [
        ("acme-*", "acme-tools", True),
        ("acme-*", "acme", False),
        ("acme-*", "acmetools", False),
        ("demo", "demo", True),
        ("demo", "demos", False),
        ("*-internal", "tools-internal", True),
    ],
)
def test_a_star_stands_for_any_characters(written, name, expected):
    assert matches(written, name) is expected


def test_a_name_is_more_exact_than_any_pattern():
    assert sorted(["acme-*", "acme-tools-*", "acme-x"], key=exactness) == ["acme-*", "acme-tools-*", "acme-x"]
