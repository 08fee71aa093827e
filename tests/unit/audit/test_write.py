import time

import pytest
from pynamodb.transactions import TransactWrite

from packages_app.audit.entries import Event
from packages_app.audit.read import events
from packages_app.audit.write import record, record_in
from packages_app.tables.base import connection

EVENT = Event(
    action="file.publish",
    actor="ana",
    address="192.0.2.1",
    source="legacy",
    token="0123456789abcdef",
    project="demo",
    target="demo-1.0.tar.gz",
    before={"sha256": "a"},
    after={"sha256": "b", "version": "1.0"},
)
MONTH = time.strftime("%Y-%m", time.gmtime())


@pytest.fixture(autouse=True)
def _own_catalogue(settings, tmp_path):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "data": tmp_path}


def test_an_event_is_read_back_as_it_was():
    with TransactWrite(connection=connection()) as transaction:
        record_in(transaction, EVENT)
    assert list(events(MONTH)) == [EVENT]


def test_an_event_is_not_written_when_its_change_is_not():
    def change() -> None:
        with TransactWrite(connection=connection()) as transaction:
            record_in(transaction, EVENT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert list(events(MONTH)) == []


def test_the_newest_event_comes_first():
    for number in range(5):
        with TransactWrite(connection=connection()) as transaction:
            record_in(transaction, Event(action=str(number), actor=""))
    assert [event.action for event in events(MONTH)] == ["4", "3", "2", "1", "0"]


def test_what_changed_nothing_is_recorded_by_itself():
    record(EVENT)
    assert list(events(MONTH)) == [EVENT]
