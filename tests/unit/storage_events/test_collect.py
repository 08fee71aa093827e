"""That no bytes are removed which somebody lists at the same time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Retired
from packages_app.catalogue.errors import Busy
from packages_app.storage_events import collect
from packages_app.storage_events.collect import Collector
from packages_app.tables.errors import TableUnavailable
from tests.factories import make_wheel, sha256
from tests.unit.storage_events.conftest import path_of, put, run, told, upload

NAME, WHEEL = make_wheel()
OTHER = (NAME, make_wheel(content=b"other")[1])
NO_GRACE = timedelta(0)


@pytest.fixture
def retired(overwriting) -> Retired:
    """Bytes that were replaced."""
    upload((NAME, WHEEL))
    upload(OTHER)
    (found,) = read.retired("demo")
    return found


def stray_of(made: tuple[str, bytes]) -> Retired:
    filename, data = made
    return Retired(
        project="demo",
        filename=filename,
        sha256=sha256(data),
        size=len(data),
        metadata_sha256="",
        metadata_size=0,
        retired_at=datetime.now(UTC),
    )


def crash(*_: object) -> None:
    raise TableUnavailable("The table went away.")


def sound(files) -> bool:
    """Whether every listed file is in the store."""
    return all(path_of(files, file).exists() for file in read.files("demo"))


def test_an_upload_of_the_same_bytes_waits_until_they_are_collected(files, retired):
    with Collector() as collector:
        assert collector.retired(retired)
        with pytest.raises(Busy):
            upload((NAME, WHEEL))
        assert sound(files)
    assert upload((NAME, WHEEL)).sha256 == retired.sha256
    assert sound(files)


def test_an_upload_that_put_its_bytes_before_they_were_removed_cannot_list_them(files, retired, monkeypatch):
    """The claim outlives the removal by longer than such an upload takes."""
    listing = write.publish
    collector = Collector()

    def between(*given, **more):
        assert collector.retired(retired)
        return listing(*given, **more)

    monkeypatch.setattr(write, "publish", between)
    with pytest.raises(Busy):
        upload((NAME, WHEEL))
    collector.finish()
    assert sound(files)


def test_bytes_that_were_listed_before_the_claim_stay(files, retired):
    upload((NAME, WHEEL))
    with Collector() as collector:
        assert not collector.retired(retired)
    assert sound(files)


def test_two_collectors_do_not_remove_the_same_bytes(files, retired):
    """Else the second could remove what was uploaded after the first was done."""
    with Collector() as first:
        assert first.retired(retired)
        with Collector() as second:
            assert not second.retired(retired)


def test_a_claim_is_held_for_some_time_after_the_removal(files, retired, monkeypatch):
    slept = []
    monkeypatch.setattr(collect, "HOLD_SECONDS", 30.0)
    monkeypatch.setattr(collect.time, "sleep", slept.append)
    with Collector() as collector:
        collector.retired(retired)
    assert 29 < slept[0] <= 30
    with Collector():
        pass
    assert len(slept) == 1


def test_a_slow_collector_removes_nothing(files, retired, monkeypatch):
    monkeypatch.setattr(collect, "ACT_SECONDS", -1.0)
    with Collector() as collector:
        assert not collector.retired(retired)
    assert path_of(files, replace(read.files("demo")[0], sha256=retired.sha256)).exists()


@pytest.mark.parametrize("step", ["remove", "end"])
def test_a_run_killed_in_the_middle_is_completed_by_a_later_one(files, retired, monkeypatch, step):
    with monkeypatch.context() as broken:
        broken.setattr(*((collect.store, "remove", crash) if step == "remove" else (write, "end_collecting", crash)))
        with pytest.raises(TableUnavailable):
            run(apply=True, grace=NO_GRACE)
    (left,) = read.retired("demo")
    assert left.collecting
    with pytest.raises(Busy):
        upload((NAME, WHEEL))
    # the claim may still be somebody's
    assert told(run(apply=True)) == [("retired", NAME, "left alone")]
    monkeypatch.setattr(write, "CLAIM_SECONDS", 0)
    # the grace does not matter to what was claimed
    assert told(run(apply=True)) == [("retired", NAME, "mended")]
    assert read.retired("demo") == ()
    assert not path_of(files, replace(read.files("demo")[0], sha256=retired.sha256)).exists()
    assert run() == []


def test_a_lapsed_claim_does_not_keep_uploads_off(files, retired, monkeypatch):
    assert write.begin_collecting(retired)
    monkeypatch.setattr(write, "CLAIM_SECONDS", 0)
    assert upload((NAME, WHEEL)).sha256 == retired.sha256
    assert sound(files)
    assert not write.begin_collecting(retired)


def test_a_stray_is_claimed_before_it_is_removed(files):
    upload((NAME, WHEEL))
    path = put(files, OTHER)
    with Collector() as collector:
        assert collector.unlisted((stray_of(OTHER),))
        assert not path.exists()
        assert read.retired("demo")[0].collecting
    assert read.retired("demo") == ()


def test_listed_bytes_are_no_stray(files):
    upload((NAME, WHEEL))
    with Collector() as collector:
        assert not collector.unlisted((stray_of((NAME, WHEEL)),))
    assert sound(files)
    assert read.retired("demo") == ()


def test_retired_bytes_are_no_stray(files, retired):
    with Collector() as collector:
        assert not collector.unlisted((stray_of((NAME, WHEEL)),))
    assert read.retired("demo") == (retired,)


def test_what_was_retired_anew_is_not_forgotten(files, retired):
    write.end_collecting(retired)
    assert read.retired("demo") == (retired,)
