import pytest

from packages_app.accounts.errors import BadPattern
from packages_app.accounts.patterns import covered, matches, normalized


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("*", "*"),
        ("demo", "demo"),
        ("De.mo_x", "de-mo-x"),
        ("acme-*", "acme-*"),
        ("Acme_*", "acme-*"),
        ("acme*", "acme*"),
    ],
)
def test_a_pattern_is_kept_as_names_are_compared(typed, kept):
    assert normalized(typed) == kept


@pytest.mark.parametrize("typed", ["", "**", "a*b", "*a", "-*", "a b", "a/b", "a#b", "ä", "a\n", "x" * 300, "a-", "?"])
def test_what_covers_no_name_is_refused(typed):
    with pytest.raises(BadPattern):
        normalized(typed)


@pytest.mark.parametrize(
    ("pattern", "project", "covers"),
    [
        pytest.param("*", "anything", True, id="a star covers every project"),
        pytest.param("acme-*", "acme-core", True, id="the beginning of names covers what goes on from it"),
        pytest.param("acme-*", "acme", False, id="but not the beginning without its separator"),
        pytest.param("acme-*", "acmecorp", False, id="nor names that go on otherwise"),
        pytest.param("acme*", "acme", True, id="without a separator, the name itself is covered too"),
        pytest.param("acme", "acme", True, id="a name covers itself"),
        pytest.param("acme", "acme-core", False, id="and nothing else"),
    ],
)
def test_what_a_pattern_covers(pattern, project, covers):
    assert matches(pattern, project) is covers
    assert covered(("zzz", pattern), project) is covers
