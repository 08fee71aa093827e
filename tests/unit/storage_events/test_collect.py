"""That no bytes are removed which somebody lists at the same time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.catalogue import collect as claims
from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Retired
from packages_app.catalogue.errors import Busy
from packages_app.storage_events import collect
from packages_app.tables.errors import TableUnavailable
from tests.factories import make_wheel, sha256
from tests.homes import upload
from tests.unit.storage_events.conftest import path_of, put, run, told

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


def killed(monkeypatch, step: str) -> None:
    """Let a collector die in the middle of removing what is retired."""
    with monkeypatch.context() as broken:
        broken.setattr(*((collect.store, "remove", crash) if step == "removing" else (claims, "finish", crash)))
        with pytest.raises(TableUnavailable):
            run(apply=True, grace=NO_GRACE)


def test_collected_bytes_are_gone_and_can_be_published_again(files, retired):
    assert collect.retired(retired)
    assert read.retired("demo") == ()
    assert read.download(retired.sha256, NAME) is None
    assert upload((NAME, WHEEL)).sha256 == retired.sha256
    assert sound(files)


@pytest.mark.parametrize("times", [1, 2])
def test_an_upload_that_put_its_bytes_before_they_were_removed_cannot_list_them(files, retired, monkeypatch, times):
    listing = write.publish

    def between(*given, **more):
        assert collect.retired(retired)
        if times == 2:
            assert collect.unlisted((replace(retired),))
        return listing(*given, **more)

    monkeypatch.setattr(write, "publish", between)
    with pytest.raises(Busy):
        upload((NAME, WHEEL))
    assert sound(files)
    monkeypatch.setattr(write, "publish", listing)
    assert upload((NAME, WHEEL)).sha256 == retired.sha256
    assert sound(files)


def test_a_first_upload_whose_bytes_are_taken_for_a_stray_cannot_list_them(files, monkeypatch):
    upload((NAME, WHEEL))
    new = ("demo-2.0-py3-none-any.whl", make_wheel(version="2.0")[1])
    listing = write.publish

    def between(*given, **more):
        assert collect.unlisted((stray_of(new),))
        return listing(*given, **more)

    monkeypatch.setattr(write, "publish", between)
    with pytest.raises(Busy):
        upload(new)
    assert sound(files)
    monkeypatch.setattr(write, "publish", listing)
    upload(new)
    assert sound(files)


def test_bytes_that_were_listed_before_the_claim_stay(files, retired):
    upload((NAME, WHEEL))
    assert not collect.retired(retired)
    assert sound(files)


def test_two_collectors_do_not_remove_the_same_bytes(files, retired):
    assert claims.claim_retired(retired)
    assert not collect.retired(retired)


def test_a_slow_collector_removes_nothing(files, retired, monkeypatch):
    monkeypatch.setattr(collect, "ACT_SECONDS", -1.0)
    assert not collect.retired(retired)
    assert path_of(files, replace(read.files("demo")[0], sha256=retired.sha256)).exists()


@pytest.mark.parametrize("step", ["removing", "finishing"])
def test_a_run_killed_in_the_middle_is_completed_by_a_later_one(files, retired, monkeypatch, step):
    killed(monkeypatch, step)
    (left,) = read.retired("demo")
    assert left.claimed
    with pytest.raises(Busy):
        upload((NAME, WHEEL))
    # the claim may still be somebody's
    assert told(run(apply=True)) == [("retired", NAME, "left alone")]
    monkeypatch.setattr(claims, "CLAIM_SECONDS", 0)
    # the grace does not matter to what was claimed
    assert told(run(apply=True)) == [("retired", NAME, "mended")]
    assert read.retired("demo") == ()
    assert not path_of(files, replace(read.files("demo")[0], sha256=retired.sha256)).exists()
    assert run() == []


def test_a_lapsed_claim_does_not_keep_uploads_off(files, retired, monkeypatch):
    killed(monkeypatch, "removing")
    monkeypatch.setattr(claims, "CLAIM_SECONDS", 0)
    assert upload((NAME, WHEEL)).sha256 == retired.sha256
    assert sound(files)
    assert not collect.retired(retired)


def test_a_stray_is_removed_and_can_be_published_later(files, overwriting):
    upload((NAME, WHEEL))
    path = put(files, OTHER)
    assert collect.unlisted((stray_of(OTHER),))
    assert not path.exists()
    assert read.retired("demo") == ()
    upload(OTHER)
    assert sound(files)


def test_listed_bytes_are_no_stray(files):
    upload((NAME, WHEEL))
    assert not collect.unlisted((stray_of((NAME, WHEEL)),))
    assert sound(files)


def test_retired_bytes_are_no_stray(files, retired):
    assert not collect.unlisted((stray_of((NAME, WHEEL)),))
    assert read.retired("demo") == (retired,)


def test_what_was_retired_anew_is_not_said_to_be_gone(files, retired):
    claim = claims.claim_retired(retired)
    assert claim
    claims.finish(retired, claim)
    upload((NAME, WHEEL))
    upload(OTHER)
    claims.finish(retired, claim)
    (anew,) = read.retired("demo")
    assert (anew.sha256, anew.claimed) == (retired.sha256, False)
