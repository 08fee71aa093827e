"""How versions are ordered, everywhere."""

import pytest

from packages_app.discovery.versions import key


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.9", "1.10"),
        ("1.0a1", "1.0"),
        ("1.0", "1.0.post1"),
        ("1.0", "1.0+local"),
        ("9.0", "1!0.1"),
        ("2004d-not-one", "0.dev0"),
        ("a thing", "b thing"),
    ],
)
def test_one_version_is_older_than_another(older, newer):
    assert key(older) < key(newer)


def test_spellings_of_one_version_are_one_and_what_is_none_stands_by_itself():
    assert key("1.0") == key("v1.0.0")
    assert key("one") != key("two")
