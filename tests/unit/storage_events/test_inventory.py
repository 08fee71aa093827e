"""The listing of the store, kept on disk."""

from datetime import UTC, datetime, timedelta

import pytest

from packages_app.file_store import keys
from packages_app.file_store.entries import Blob
from packages_app.storage_events.inventory import Inventory

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def inventory():
    with Inventory() as made:
        yield made


def add(inventory, key: str, *, size: int = 1, modified: datetime = AT) -> None:
    inventory.add(keys.parse(key), Blob(key=key, size=size, modified=modified))


def test_an_empty_store_has_nothing(inventory):
    assert (inventory.has_files(), inventory.newest_unknown()) == (False, None)
    assert [*inventory.unknown(), *inventory.orphans()] == []


def test_what_lies_beside_is_no_file(inventory):
    add(inventory, keys.metadata("a" * 64, "demo-1.0.tar.gz"))
    assert not inventory.has_files()
    assert inventory.size("a" * 64, "demo-1.0.tar.gz") is None


def test_unknown_files_come_by_name_and_newest_first(inventory):
    add(inventory, keys.blob("a" * 64, "b-1.0.tar.gz"), modified=AT)
    add(inventory, keys.blob("b" * 64, "b-1.0.tar.gz"), modified=AT + timedelta(microseconds=1), size=7)
    add(inventory, keys.blob("a" * 64, "a-1.0.tar.gz"))
    add(inventory, keys.blob("c" * 64, "c-1.0.tar.gz"))
    inventory.know("c" * 64, "c-1.0.tar.gz")
    found = {name: [stored.sha256[0] for stored in blobs] for name, blobs in inventory.unknown()}
    assert found == {"a-1.0.tar.gz": ["a"], "b-1.0.tar.gz": ["b", "a"]}
    assert inventory.count_unknown() == 2
    assert inventory.newest_unknown() == AT + timedelta(microseconds=1)
    assert inventory.size("b" * 64, "b-1.0.tar.gz") == 7


def test_orphans_are_what_lies_beside_nothing_and_is_not_known(inventory):
    for digest in "abc":
        add(inventory, keys.metadata(digest * 64, "demo-1.0-py3-none-any.whl"))
        add(inventory, keys.attestations(digest * 64, "demo-1.0-py3-none-any.whl"))
    add(inventory, keys.blob("a" * 64, "demo-1.0-py3-none-any.whl"))
    inventory.know("b" * 64, "demo-1.0-py3-none-any.whl")
    ((one, other),) = inventory.orphans()
    assert (one.sha256, {one.kind, other.kind}) == ("c" * 64, {"metadata", "attestations"})


def test_more_than_a_batch_is_read_to_its_end_while_marks_are_set(inventory):
    for number in range(2500):
        add(inventory, keys.blob("a" * 64, f"demo-{number}.tar.gz"))
    seen = 0
    for name, _ in inventory.unknown():
        inventory.know("b" * 64, name)
        seen += 1
    assert seen == 2500
