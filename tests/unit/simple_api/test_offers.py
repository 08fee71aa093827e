"""That a list of names is ours and theirs, each name once."""

from packages_app.catalogue.entries import Listed
from packages_app.simple_api.offers import with_more


def test_names_of_ours_come_first_and_hide_those_of_others():
    ours, theirs = [Listed(name="demo", serial=2)], [Listed(name="demo", serial=9), Listed(name="other", serial=9)]
    assert [(each.name, each.serial) for each in with_more(ours, theirs)] == [("demo", 2), ("other", 9)]
