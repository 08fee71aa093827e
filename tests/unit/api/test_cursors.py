import base64

import pytest

from packages_app.api import cursors
from packages_app.api.errors import BadQuery


@pytest.mark.parametrize("place", ["a", "acme-core", "00001#ab", "ü", "a" * 200])
def test_a_place_comes_back_from_its_cursor(place):
    written = cursors.written(place)
    assert cursors.read(written) == place
    assert written.replace("-", "").replace("_", "").isalnum()


def test_the_beginning_and_the_end():
    assert cursors.read("") == ""
    assert cursors.written("") is None


def test_a_cursor_tells_nothing_of_the_place_that_it_stands_for():
    shown = cursors.written("acme-secret-core")
    plain = base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4))
    assert b"secret" not in plain
    assert base64.urlsafe_b64encode(b"acme-secret-core").decode().rstrip("=") not in shown


def test_a_cursor_that_was_changed_is_refused():
    shown = cursors.written("acme-core")
    with pytest.raises(BadQuery, match="damaged"):
        cursors.read(shown[:-3] + ("aaa" if shown[-3:] != "aaa" else "bbb"))


@pytest.mark.parametrize("cursor", ["%%", "a", "ÿ", "_w", "x" * 5000], ids=["sign", "short", "letter", "bytes", "long"])
def test_what_was_never_given_is_refused(cursor):
    with pytest.raises(BadQuery, match="damaged"):
        cursors.read(cursor)
