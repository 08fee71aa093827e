"""What a project's page says of the index behind this one, and that it is short."""

import json

import pytest

from packages_app.browser.withheld import MOST, withheld
from packages_app.catalogue.entries import Change
from packages_app.upstream import pages, rules, sources
from packages_app.upstream.entries import Owner, UpstreamFile, UpstreamPage
from tests.fakes.sources import FakeSource
from tests.homes import in_folder

CHANGE = Change(actor="root", source="test")


@pytest.fixture
def behind(settings, tmp_path, monkeypatch):
    """Another index that has so many files of demo, all of which are hidden here."""

    def put(count: int) -> None:
        files = (
            UpstreamFile(
                filename=f"demo-{number}.tar.gz", url="https://files.example/f", hashes=(), version=f"{number}"
            )
            for number in range(count)
        )
        source = FakeSource(UpstreamPage(name="demo", files=tuple(files)))
        policy = json.dumps([{"deny": ["demo"]}])
        in_folder(settings, tmp_path, upstream={"urls": (source.name,), "policy": policy})
        monkeypatch.setattr(sources, "configured", lambda: (source,))
        rules.last.clear()
        pages.page("demo")

    return put


def test_without_an_index_behind_there_is_nothing_to_say():
    assert withheld("demo") is None


@pytest.mark.parametrize(("owner", "says"), [(Owner.LOCAL, None), (Owner.UPSTREAM, "upstream"), (Owner.MERGE, "merge")])
def test_of_a_name_of_ours_nothing_is_said_either(behind, owner, says):
    behind(1)
    rules.override("demo", owner, "as agreed", CHANGE)
    found = withheld("demo")
    assert ((found.owner, found.reason) if found else None) == ((says, "as agreed") if says else None)


@pytest.mark.parametrize(("count", "told", "more"), [(0, 0, 0), (MOST, MOST, 0), (MOST + 3, MOST, 3)])
def test_not_every_hidden_file_is_told_one_by_one(behind, count, told, more):
    behind(count)
    found = withheld("demo")
    assert (found.count, len(found.sentences), found.more, found.reason) == (count, told, more, "")
