import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from packages_app.catalogue import read
from packages_app.catalogue.models import ShardRow, shards
from tests.unit.catalogue.test_write import FILE, publish


def publish_projects(count: int) -> set[str]:
    names = {f"project-{number}" for number in range(count)}
    for name in names:
        publish(replace(FILE, project=name, filename=f"{name.replace('-', '_')}-1.0-py3-none-any.whl"))
    return names


def test_projects_of_every_shard_are_listed_once():
    names = publish_projects(80)
    listed = [entry.name for entry in read.listed()]
    assert (set(listed), len(listed)) == (names, 80)
    index = shards("main")
    assert all(ShardRow.count(shard) > 1 for shard in index), "80 projects reach all of the sixteen shards"


def test_the_root_version_of_two_catalogues_with_the_same_history_differs(settings, tmp_path):
    publish()
    first = read.root_version()
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path / "another"}
    publish()
    assert read.root_version() != first


def test_the_root_version_stays_while_nothing_changes():
    publish()
    assert read.root_version() == read.root_version()


def test_moments_are_exact_to_the_microsecond():
    for _ in range(1000):
        micros = random.Random(_).randrange(0, 4_102_444_800_000_000)
        assert read.microseconds(read.moment(micros)) == micros
    assert read.moment(1) == datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("filename", "found"),
    [
        pytest.param("demo-1.0-py3-none-any.whl", "demo-1.0-py3-none-any.whl", id="its own name"),
        pytest.param("Demo-1.0.0-py3-none-any.whl", "demo-1.0-py3-none-any.whl", id="another spelling"),
        pytest.param("demo-1.0-1-py3-none-any.whl", "", id="another build"),
        pytest.param("demo-1.0-py2-none-any.whl", "", id="another tag"),
        pytest.param("demo-1.0.post1-py3-none-any.whl", "", id="another version"),
        pytest.param("demo-1.0.tar.gz", "", id="the sdist"),
    ],
)
def test_a_distribution_is_found_by_what_it_is(filename, found):
    publish()
    taken = read.taken("demo", filename)
    assert (taken.filename if taken is not None else "") == found
