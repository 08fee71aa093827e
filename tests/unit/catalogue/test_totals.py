from dataclasses import replace

import pytest

from packages_app.catalogue import read, removal, write
from packages_app.catalogue.errors import FileChanged
from packages_app.catalogue.models import ShardRow, shard
from packages_app.catalogue.totals import Totals, recount, recounted, totals
from tests.unit.catalogue.test_read import publish_projects
from tests.unit.catalogue.test_write import CHANGE, FILE, publish

OTHER = replace(FILE, filename="demo-1.0.tar.gz", filetype="sdist", sha256="b" * 64, size=50)


def test_an_empty_index_has_nothing():
    assert totals() == Totals(projects=0, files=0, size=0)


def test_files_and_bytes_are_counted_over_all_shards():
    publish_projects(20)
    assert totals() == Totals(projects=20, files=20, size=20 * FILE.size)


def test_every_way_that_files_come_and_go_keeps_the_totals():
    publish(FILE)
    publish(OTHER)
    assert totals() == Totals(projects=1, files=2, size=FILE.size + 50)
    larger = replace(OTHER, sha256="c" * 64, size=80)
    publish(larger, replaces=OTHER)
    assert totals() == Totals(projects=1, files=2, size=FILE.size + 80)
    write.withdraw(larger, CHANGE)
    assert totals() == Totals(projects=1, files=1, size=FILE.size)
    removal.delete_files([FILE], CHANGE, action="file.delete", target=FILE.filename)
    assert totals() == Totals(projects=1, files=0, size=0)


def test_a_refused_change_counts_nothing():
    publish(FILE)
    with pytest.raises(FileChanged):
        publish(replace(FILE, sha256="d" * 64, size=7_000))
    assert totals() == Totals(projects=1, files=1, size=FILE.size)


def test_a_catalogue_from_before_there_were_totals_never_has_less_than_nothing():
    publish(FILE)
    ShardRow(shard("main", FILE.project), "#").update([ShardRow.files.remove(), ShardRow.size.remove()])
    write.withdraw(FILE, CHANGE)
    assert totals() == Totals(projects=1, files=0, size=0)


def test_counting_anew_mends_totals_that_nobody_kept():
    publish_projects(5)
    for number in range(5):
        ShardRow(shard("main", f"project-{number}"), "#").update([ShardRow.files.remove(), ShardRow.size.set(9)])
    recount()
    assert totals() == Totals(projects=5, files=5, size=5 * FILE.size)


def test_a_shard_that_changes_while_it_is_counted_is_left_as_it_is(monkeypatch):
    publish(FILE)
    read_files = read.files

    def and_meanwhile(project):
        monkeypatch.setattr("packages_app.catalogue.totals.read.files", read_files)
        found = read_files(project)
        publish(OTHER)
        return found

    monkeypatch.setattr("packages_app.catalogue.totals.read.files", and_meanwhile)
    assert not recounted(shard("main", FILE.project))
    assert totals().files == 2
