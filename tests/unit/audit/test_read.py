from datetime import UTC, datetime, timedelta

import pytest

from packages_app.audit import read, write
from packages_app.audit.entries import Event
from packages_app.audit.errors import BadCursor
from packages_app.audit.models import AuditRow
from packages_app.audit.read import between, trail
from packages_app.audit.write import record, rows_of

START = datetime(2026, 1, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}


@pytest.fixture
def history(monkeypatch):
    """Twelve events, one every ten days over four months: of two projects and of accounts, by two people."""
    now = [START]
    monkeypatch.setattr(write.time, "time_ns", lambda: int(now[0].timestamp()) * 1_000_000_000)
    for number in range(12):
        project = ("demo", "other", "")[number % 3]
        target = f"file-{number}" if project else "user:ben"
        record(Event(action=f"event.{number}", actor=("ana", "ben")[number % 2], project=project, target=target))
        now[0] += timedelta(days=10)
    return now[0]


def numbers(found) -> list[int]:
    return [int(event.action.partition(".")[2]) for event in found]


def every_page(limit: int, **asked) -> list[int]:
    found, cursor = [], ""
    while True:
        page = trail(limit=limit, cursor=cursor, **asked)
        assert len(page.events) <= limit
        found += numbers(page.events)
        if not page.cursor:
            return found
        assert page.cursor != cursor
        cursor = page.cursor


ALL = list(range(11, -1, -1))


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ALL, id="all"),
        pytest.param({"project": "demo"}, [9, 6, 3, 0], id="of a project"),
        pytest.param({"actor": "ana"}, [10, 8, 6, 4, 2, 0], id="by somebody"),
        pytest.param({"target": "user:ben"}, [11, 8, 5, 2], id="of an account"),
        pytest.param({"project": "demo", "actor": "ana"}, [6, 0], id="of a project by somebody"),
        pytest.param({"project": "none"}, [], id="of nothing"),
        pytest.param({"since": START + timedelta(days=90)}, [11, 10, 9], id="since"),
        pytest.param({"until": START + timedelta(days=20)}, [1, 0], id="until"),
        pytest.param({"since": START + timedelta(days=5), "until": START + timedelta(days=31)}, [3, 2, 1], id="both"),
        pytest.param(
            {"project": "demo", "since": START + timedelta(days=30), "until": START + timedelta(days=61)},
            [6, 3],
            id="of a project in a time",
        ),
        pytest.param({"since": START, "until": START}, [], id="no time"),
    ],
)
def test_pages_of_any_size_hold_every_event_once_newest_first(history, limit, asked, found):
    assert every_page(limit, **{"until": history, **asked}) == found


def test_events_have_their_moment_and_an_id_that_orders_them(history):
    newest, *_, oldest = trail(until=history).events
    assert (oldest.at, newest.at) == (START, START + timedelta(days=110))
    assert newest.id > oldest.id


def test_an_export_is_the_oldest_first_and_whole(history):
    assert numbers(between(START, history)) == ALL[::-1]
    assert numbers(between(START + timedelta(days=10), START + timedelta(days=30))) == [1, 2]


def test_empty_months_are_passed_over_in_bounded_steps(history, monkeypatch):
    monkeypatch.setattr(read, "MOST_MONTHS", 2)
    page = trail(until=history + timedelta(days=100))
    assert (page.events, bool(page.cursor)) == ((), True)
    assert every_page(5, until=history + timedelta(days=100)) == ALL


def test_a_page_of_few_events_among_many_looks_through_a_bounded_number(history, monkeypatch):
    monkeypatch.setattr(read, "MOST_READ", 2)
    assert every_page(5, project="demo", actor="ben", until=history) == [9, 3]


@pytest.mark.parametrize("cursor", ["x", "1", "00000000000000000-0000000g", "A" * 4000])
def test_a_cursor_that_no_page_gave_is_refused(cursor):
    with pytest.raises(BadCursor, match="begin again"):
        trail(cursor=cursor)


def test_an_event_is_never_written_over(history):
    (row, *_) = rows_of(Event(action="first", actor="ana"))
    row.save(AuditRow.pk.does_not_exist())
    row.action = "second"
    with pytest.raises(Exception, match="conditional"):
        row.save(AuditRow.pk.does_not_exist())
