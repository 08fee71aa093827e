"""That publishers are found by their ids, however many are asked for."""

from packages_app.accounts.publishers import read, write
from packages_app.accounts.publishers.entries import Pipeline
from tests.unit.accounts.conftest import ROOT


def trust(repository: str) -> str:
    fields = {"repository": repository, "workflow": "release.yml"}
    pipeline = Pipeline(kind="github", issuer="https://ci.example", fields=fields)
    return write.trust(pipeline, "widget", change=ROOT).id


def test_publishers_are_read_together_and_come_in_the_order_of_their_ids():
    ids = [trust(f"acme/{name}") for name in ("zebra", "ant", "moose")]
    found = read.named([*ids, ids[0], "nobody"])
    assert [each.id for each in found] == sorted(ids)
    assert found == [read.publisher(id_) for id_ in sorted(ids)]


def test_more_can_be_asked_for_than_one_request_takes():
    known = trust("acme/widget")
    assert [each.id for each in read.named([*(f"x-{number}" for number in range(150)), known])] == [known]


def test_nobody_is_asked_for_without_ids():
    assert read.named([]) == []
