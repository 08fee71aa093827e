from itertools import islice

import pytest

from packages_app.audit import trail
from packages_app.audit.entries import Event
from packages_app.audit.models import AuditRow
from packages_app.audit.write import record

MICROS = 1_000_000


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}


def old(month: str, micros: int, target: str) -> str:
    id_ = f"{micros:017d}-aaaa"
    AuditRow(f"A#main#{month}", id_, action="file.publish", actor="ana", target=target).save()
    return id_


def test_events_of_all_months_come_newest_first():
    record(Event(action="file.yank", actor="ana", target="now"))
    old("2026-01", 1_767_225_600 * MICROS, "first of january")
    old("2025-12", (1_767_225_600 - 1) * MICROS, "last of december")
    assert [entry.event.target for entry in trail.newest()] == ["now", "first of january", "last of december"]


def test_a_reader_goes_on_behind_any_event():
    for number in range(9):
        record(Event(action="file.yank", actor="ana", target=str(number)))
    first = list(islice(trail.newest(limit=2), 4))
    assert [entry.event.target for entry in trail.newest(first[-1].id, limit=2)] == ["4", "3", "2", "1", "0"]


def test_the_end_of_the_trail_is_found_without_asking_for_ever():
    assert list(trail.newest()) == []


def test_an_event_is_found_by_its_id_and_tells_when_it_was():
    id_ = old("2026-01", 1_767_225_600 * MICROS, "new year")
    found = trail.one(id_)
    assert (found.event.target, found.at.isoformat()) == ("new year", "2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize("id_", ["", "nonsense", "99999999999999999999999-x", "00000000000000001-x"])
def test_what_is_no_event_is_not_found(id_):
    assert trail.one(id_) is None
