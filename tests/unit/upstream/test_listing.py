"""The names that every other index has, together and whole."""

import tracemalloc

import pytest

from packages_app.file_store import keys, write
from packages_app.file_store.errors import BlobMissing
from packages_app.upstream import listing
from packages_app.upstream.entries import UpstreamPage
from packages_app.upstream.errors import SourceFailed
from tests.fakes.sources import FakeSource


def source(*names: str, host: str = "one") -> FakeSource:
    return FakeSource(*(UpstreamPage(name=name) for name in names), name=f"https://{host}.example/simple/")


def test_names_of_all_sources_come_sorted_and_once(sourced):
    sourced(source("b", "a"), source("c", "b", host="two"))
    assert list(listing.contents(listing.names())) == ["a", "b", "c"]


def test_a_list_of_which_one_source_is_missing_is_none(sourced):
    broken = source("c", host="two")
    broken.down = True
    sourced(source("a"), broken)
    with pytest.raises(SourceFailed):
        listing.names()


def test_another_list_of_sources_has_another_list_of_names(sourced):
    sourced(source("a"))
    listing.names()
    sourced(source("a"), source("c", host="two"))
    assert list(listing.contents(listing.names())) == ["a", "c"]


def test_a_list_that_is_gone_is_fetched_anew_by_the_next(sourced):
    sourced(source("a"))
    shown = listing.names()
    write.remove(keys.upstream_page(listing.KEY, shown.kept.body))
    with pytest.raises(BlobMissing):
        list(listing.contents(shown))
    assert list(listing.contents(listing.names())) == ["a"]


def test_a_long_list_is_read_without_being_held(sourced):
    names = [f"a-project-with-a-name-{number:07}" for number in range(100_000)]
    sourced(source(*names))
    shown = listing.names()
    tracemalloc.start()
    try:
        assert sum(1 for _ in listing.contents(shown)) == len(names)
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024**2  # the names alone are 3 MB, and 8 MB as texts
    finally:
        tracemalloc.stop()
