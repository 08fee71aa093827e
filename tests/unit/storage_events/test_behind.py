"""Pages of another index that nothing names are removed by reconcile; those that are named stay."""

import os
import time
from datetime import timedelta

import pytest

from packages_app.file_store import keys, write
from packages_app.file_store import read as store
from packages_app.file_store.errors import StoreUnavailable
from packages_app.tables.errors import TableUnavailable
from packages_app.upstream import bodies, keeping, leftovers, listing, pages, rules, sources
from packages_app.upstream.entries import Kept, UpstreamPage
from tests.fakes.sources import FakeSource
from tests.unit.storage_events.conftest import run, told

LONG_AGO, NOT_LONG_AGO = timedelta(hours=25), timedelta(hours=23)


@pytest.fixture
def kept(settings, monkeypatch) -> set[str]:
    """The keys of what is kept and named: a page, and the list of names."""
    source = FakeSource(UpstreamPage(name="demo"))
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "upstream": {"urls": (source.name,)}}
    monkeypatch.setattr(sources, "configured", lambda: (source,))
    rules.last.clear()
    page, names = pages.page("demo"), listing.names()
    found = {keys.upstream_page("demo", page.kept.body), keys.upstream_page(listing.KEY, names.kept.body)}
    assert set(everything()) == found
    return found


def everything() -> list[str]:
    return [blob.key for blob in store.walk("upstream")]


def aged(files, age: timedelta) -> None:
    """Let all that is kept of the other index be as old as this."""
    then = time.time() - age.total_seconds()
    for key in everything():
        os.utime(files / key, (then, then))


def left_behind(files, project: str = "demo", age: timedelta = LONG_AGO) -> str:
    """Keep another page as a process does that is killed before it puts that down, and return its key."""
    key = keys.upstream_page(project, bodies.keep(UpstreamPage(name=project, status="archived")))
    aged(files, age)
    return key


@pytest.mark.parametrize("project", ["demo", "never-noted", listing.KEY], ids=["another page", "no item", "a list"])
def test_a_page_that_nothing_names_goes_after_the_grace(kept, files, project):
    key = left_behind(files, project)
    assert told(run()) == [("retired", key, "found")]
    assert told(run(apply=True)) == [("retired", key, "mended")]
    assert set(everything()) == kept
    assert told(run(apply=True)) == []


def test_one_that_was_kept_just_now_stays(kept, files):
    key = left_behind(files, age=NOT_LONG_AGO)
    assert told(run(apply=True)) == []
    aged(files, leftovers.SETTLED - timedelta(seconds=30))
    assert told(run(apply=True, grace=timedelta(0))) == []
    assert key in everything()
    aged(files, leftovers.SETTLED)
    assert told(run(apply=True, grace=timedelta(0))) == [("retired", key, "mended")]


def test_what_the_upstream_says_again_meanwhile_stays(kept, files, monkeypatch):
    key = left_behind(files)
    found = leftovers.leftovers(timedelta(hours=24))
    assert next(found) == key
    monkeypatch.setattr(leftovers.kept, "read", lambda name: Kept(project=name, body=key[-64:]))
    assert not leftovers.sweep(key)
    assert key in everything()


def test_a_kept_file_and_what_is_no_page_stay(kept, files):
    others = {keys.upstream_file("a" * 64), "upstream/pages/demo/notes", f"upstream/pages/demo/more/{'a' * 64}"}
    for key in others:
        write.put_bytes(key, b"bytes")
    aged(files, LONG_AGO)
    assert told(run(apply=True)) == []
    assert set(everything()) == kept | others


@pytest.mark.parametrize("error", [StoreUnavailable("later"), TableUnavailable("later")], ids=["store", "table"])
def test_what_cannot_be_removed_is_told_and_a_catalogue_that_is_gone_ends_the_run(kept, files, monkeypatch, error):
    key = left_behind(files)

    def failing(_: str) -> None:
        raise error

    monkeypatch.setattr(leftovers, "sweep", failing)
    if isinstance(error, TableUnavailable):
        with pytest.raises(TableUnavailable):
            run(apply=True)
    else:
        assert told(run(apply=True)) == [("retired", key, "not mended")]


def test_a_process_that_is_killed_in_between_leaves_such_a_page(kept, files, monkeypatch):
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping.kept, "fetched", killed)
    monkeypatch.setattr(sources, "configured", lambda: (FakeSource(UpstreamPage(name="other")),))
    with pytest.raises(KeyboardInterrupt):
        pages.page("other")
    aged(files, LONG_AGO)
    (finding,) = run(apply=True)
    assert finding.target.startswith("upstream/pages/other/")
    assert set(everything()) == kept
