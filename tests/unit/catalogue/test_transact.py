from dataclasses import replace

import pytest
from pynamodb.exceptions import TransactWriteError

from packages_app.catalogue import read, transact
from packages_app.catalogue.errors import Busy
from tests.unit.catalogue.test_write import FILE, publish


def test_a_conflict_is_tried_again_until_it_is_over(monkeypatch):
    publish()
    answers = iter([True, True])
    monkeypatch.setattr(transact, "is_conflict", lambda _: next(answers, False))
    monkeypatch.setattr(transact.time, "time_ns", lambda: 1)  # fails the serial's condition, as a conflict would end
    publish(replace(FILE, filename="demo-2.0.tar.gz"))
    assert len(read.files("demo")) == 2
    assert next(answers, "used up") == "used up"


def test_a_conflict_that_does_not_end_is_given_up_with_a_word(monkeypatch):
    publish()
    monkeypatch.setattr(transact, "is_conflict", lambda _: True)
    monkeypatch.setattr(transact.time, "time_ns", lambda: 1)
    monkeypatch.setattr(transact, "PATIENCE", 0.05)
    with pytest.raises(Busy, match="try again"):
        publish(replace(FILE, filename="demo-2.0.tar.gz"))
    assert len(read.files("demo")) == 1


def test_pauses_grow_and_end(monkeypatch):
    now, slept = [0.0], []
    monkeypatch.setattr(transact.time, "monotonic", lambda: now[0])

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += max(seconds, 0.01)

    monkeypatch.setattr(transact.time, "sleep", sleep)
    attempts = sum(1 for _ in transact.waits())
    assert 15 < attempts < 3000
    assert max(slept) <= 1.0
    assert now[0] <= transact.PATIENCE + 1.1


def test_an_error_of_another_kind_is_not_told_as_a_change_by_somebody_else():
    with pytest.raises(TransactWriteError):
        publish(replace(FILE, requires_python="x" * 500_000))
    assert read.files("demo") == ()
