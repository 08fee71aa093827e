from itertools import islice

import pytest

from packages_app.catalogue import listing
from tests.unit.catalogue.test_read import publish_projects


def walked(limit: int, prefix: str = "") -> list[str]:
    found, after = [], ""
    while page := listing.page(after, limit, prefix=prefix):
        found += [entry.name for entry in page]
        after = page[-1].name
        if len(page) < limit:
            break
    return found


@pytest.mark.parametrize("limit", [1, 7, 40, 1000])
def test_pages_of_any_size_hold_every_project_once(limit):
    names = publish_projects(40)
    found = walked(limit)
    assert (set(found), len(found)) == (names, 40)


def test_a_prefix_leaves_the_others_out():
    names = publish_projects(23)
    assert sorted(walked(2, "project-1")) == sorted(name for name in names if name.startswith("project-1"))
    assert walked(5, "nothing") == []


def test_a_page_goes_on_behind_a_project_that_is_gone():
    publish_projects(30)
    first = listing.page("", 1000)
    place = first[10].name + "-and-more"
    # The name behind which it goes on lies in whichever shard its digest names; what is left is a part of the list.
    assert {entry.name for entry in listing.page(place, 1000)} <= {entry.name for entry in first}


def test_a_place_outside_the_prefix_is_the_end_of_its_shard_and_no_error():
    publish_projects(5)
    assert all(entry.name.startswith("project") for entry in listing.page("zzz", 10, prefix="project"))


def in_order(after: str = "", prefix: str = "", limit: int = 10) -> list[str]:
    return [entry.name for entry in islice(listing.in_order(after, prefix=prefix, limit=limit), limit)]


def test_names_come_in_order_whatever_shards_they_lie_in():
    names = sorted(publish_projects(60))
    assert in_order(limit=100) == names
    assert in_order(after=names[9], limit=7) == names[10:17]


def test_names_in_order_may_be_asked_for_by_a_prefix():
    names = sorted(name for name in publish_projects(23) if name.startswith("project-1"))
    assert in_order(prefix="project-1", limit=100) == names
    assert in_order(after=names[3], prefix="project-1", limit=2) == names[4:6]
    assert in_order(after="zzz", prefix="project-1") == []


def test_files_come_in_the_order_of_projects_and_names_from_any_place():
    publish_projects(12)
    everything = [(file.project, file.filename) for file in listing.files_in_order()]
    assert everything == sorted(everything)
    assert len(everything) == 12
    rest = [(file.project, file.filename) for file in listing.files_in_order(*everything[4])]
    assert rest == everything[5:]
