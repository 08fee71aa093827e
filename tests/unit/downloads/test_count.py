import logging
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from packages_app.downloads import count
from packages_app.downloads.count import MOST, Counts, parts
from packages_app.downloads.models import DownloadsRow
from packages_app.downloads.read import read
from packages_app.tables.errors import TableUnavailable

TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(count.time, "monotonic", lambda: now[0])
    return now


def today(project: str) -> tuple[int, dict[str, int]]:
    day = read(project, 1)[0]
    return day.count, dict(day.versions)


def test_counts_are_added_by_project_version_and_day_and_for_the_whole():
    counts = Counts()
    for project, version in [("demo", "1.0"), ("demo", "1.0"), ("demo", "2.0+local.1"), ("other", "1!3")]:
        counts.add(project, version)
    counts.flush()
    assert today("demo") == (3, {"1.0": 2, "2.0+local.1": 1})
    assert today("other") == (1, {"1!3": 1})
    assert today("") == (4, {})
    counts.add("demo", "1.0")
    counts.flush()
    assert today("demo") == (4, {"1.0": 3, "2.0+local.1": 1})
    row = DownloadsRow.get("K#main#demo", TODAY.isoformat())
    assert row.expires.date() - TODAY == timedelta(days=731)


def test_all_versions_of_a_large_project_are_counted_at_once():
    counts = Counts()
    for number in range(900):
        counts.add("demo", f"1.{number}")
    counts.add("other", "1.0")
    counts.flush()
    total, versions = today("demo")
    assert (total, len(versions), set(versions.values())) == (900, 900, {1})
    assert today("other") == (1, {"1.0": 1})
    assert today("")[0] == 901


def test_it_is_time_after_a_while_or_after_many_and_never_without_counts(clock):
    counts = Counts()
    clock[0] += 3600
    assert not counts.is_due()
    counts.add("demo", "1.0")
    assert counts.is_due()
    counts.flush()
    counts.add("demo", "1.0")
    assert not counts.is_due()
    clock[0] += 59
    assert not counts.is_due()
    clock[0] += 1
    assert counts.is_due()
    counts.flush()
    for _ in range(MOST):
        counts.add("demo", "1.0")
    assert counts.is_due()


def test_what_cannot_be_written_is_kept_for_the_next_time(monkeypatch, caplog):
    counts = Counts()
    counts.add("demo", "1.0")

    def unavailable(_: object) -> None:
        raise TableUnavailable("busy")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(count, "write", unavailable)
        counts.flush()
    assert "kept for later" in caplog.text
    counts.add("demo", "1.0")
    counts.flush()
    assert today("demo") == (2, {"1.0": 2})


def test_what_is_kept_stays_within_its_measure(monkeypatch, caplog):
    monkeypatch.setattr(count, "MOST_KEPT", 2)
    counts = Counts()
    with caplog.at_level(logging.ERROR):
        counts.put_back({("demo", "2026-01-01"): Counter({"1": 5}), ("other", "2026-01-01"): Counter({"1": 3, "2": 4})})
    assert (counts.waiting, "7 downloads of other are lost" in caplog.text) == (5, True)


def test_others_who_count_at_the_same_time_are_waited_for_and_then_left_to_the_next_time(monkeypatch):
    monkeypatch.setattr(count.time, "sleep", lambda _: None)
    answers = iter([True, True, False])
    monkeypatch.setattr(count, "is_conflict", lambda _: next(answers, True))
    counts = Counts()
    counts.add("demo", "1.0")
    real, failed = count.add_in, []

    def conflicting(transaction, part) -> None:
        real(transaction, part)
        if len(failed) < 2:
            failed.append(1)
            transaction.condition_check(DownloadsRow, "K#main#none", "x", DownloadsRow.pk.exists())

    monkeypatch.setattr(count, "add_in", conflicting)
    counts.flush()
    assert (today("demo")[0], counts.waiting) == (1, 0)


def test_many_projects_are_written_in_parts_that_fit_a_transaction():
    counts = Counter({(f"demo-{number}", "2026-01-01", "1.0"): 1 for number in range(60)})
    assert [len(part) for part in parts(counts)] == [25, 25, 10]


def test_threads_lose_nothing():
    counts = Counts()
    barrier = threading.Barrier(8)

    def go() -> None:
        barrier.wait()
        for number in range(200):
            counts.add("demo", "1.0")
            if number % 50 == 0:
                counts.flush()

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.flush()
    assert today("demo")[0] == 1600


def test_every_day_is_read_the_last_one_last(monkeypatch):
    for back, times in ((0, 2), (3, 1), (40, 5)):
        day = (TODAY - timedelta(days=back)).isoformat()
        count.write({("demo", day): Counter({"1.0": times})})
    days = read("demo", 30)
    assert (len(days), days[-1].day, days[0].day) == (30, TODAY, TODAY - timedelta(days=29))
    assert [day.count for day in days[-4:]] == [1, 0, 0, 2]
    assert sum(day.count for day in read("demo", 10_000)) == 8
    assert [day.count for day in read("demo", 1, until=date(2020, 1, 1))] == [0]
