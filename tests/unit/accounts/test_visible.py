import pytest

from packages_app.accounts.entries import Limits, Principal
from packages_app.accounts.permissions import Action
from packages_app.accounts.visible import visible


def test_what_two_people_may_see_has_one_key_only_if_it_is_the_same(make_user, give):
    for name in ("ben", "cem", "dan"):
        make_user(name)
    for name in ("ben", "cem"):
        give("reader", "acme-*", name)
    give("uploader", "other", "dan")
    keys = {name: visible(Principal(name=name)).key for name in ("ben", "cem", "dan")}
    assert keys["ben"] == keys["cem"] != keys["dan"]
    assert visible(Principal(name="ana")).key == ""


@pytest.mark.parametrize(
    ("patterns", "everything"), [(("*",), True), (("acme-*",), False)], ids=["for everything", "for a pattern"]
)
def test_a_token_shows_what_it_is_for(patterns, everything):
    limits = Limits(actions=frozenset({Action.READ}), patterns=patterns)
    assert visible(Principal(name="ana", limits=limits)).everything is everything


def test_a_token_that_does_not_read_shows_nothing():
    limits = Limits(actions=frozenset({Action.UPLOAD}), patterns=("*",))
    shown = visible(Principal(name="ana", limits=limits))
    assert "demo" not in shown
    assert shown.key
