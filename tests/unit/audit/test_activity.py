import json
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.audit import activity
from packages_app.audit.models import AuditRow, UploadsRow

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}


def happen(action: str, days_ago: int, *, seconds: float = 0, files: int = 1) -> None:
    at = TODAY - timedelta(days=days_ago) + timedelta(seconds=seconds)
    after = {f"demo-{number}.whl": "aa" for number in range(files)}
    AuditRow(
        f"A#main#{at:%Y-%m}",
        f"{int(at.timestamp() * 1_000_000):017d}-{action}",
        action=action,
        actor="ana",
        after=json.dumps(after),
    ).save()


def counts(days: int = 5) -> list[int | None]:
    return [count for _, count in activity.uploads(days)]


def test_each_day_has_the_files_that_were_published_on_it():
    happen("file.publish", 0)
    happen("file.replace", 1, seconds=86_399)
    happen("file.publish", 1)
    happen("release.publish", 3, files=4)
    happen("file.yank", 3)
    happen("file.publish", 5)
    assert counts() == [0, 4, 0, 2, 1]
    assert [day for day, _ in activity.uploads(2)] == [(TODAY - timedelta(days=1)).date(), TODAY.date()]


def test_a_day_that_is_over_is_counted_once_and_today_each_time():
    happen("file.publish", 1)
    happen("file.publish", 0)
    assert counts(2) == [1, 1]
    happen("file.publish", 1, seconds=7)
    happen("file.publish", 0, seconds=7)
    assert counts(2) == [1, 2], "nothing is published in the past: whatever was counted stands"


def test_what_takes_too_long_is_counted_by_the_next_call(monkeypatch):
    happen("file.publish", 1)
    monkeypatch.setattr(activity, "SECONDS", -1.0)
    assert counts(3) == [None, None, None]
    monkeypatch.setattr(activity, "SECONDS", 2.0)
    assert counts(3) == [0, 1, 0]
    assert UploadsRow.count("A#main#uploads") == 2
