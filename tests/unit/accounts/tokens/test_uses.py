"""That a token's use is noted once an hour, after the answer, and that a silent table holds nobody up."""

import pytest

from packages_app.accounts.permissions import Action
from packages_app.accounts.tokens import read, uses, write
from packages_app.tables.errors import TableUnavailable
from tests.unit.accounts.conftest import ROOT


@pytest.fixture
def token(make_user):
    make_user("ben", administrator=True)
    return write.create("ben", actions=frozenset({Action.READ}), patterns=("*",), change=ROOT)[0]


@pytest.fixture
def clock(monkeypatch):
    now = [10_000.0]
    monkeypatch.setattr(uses.time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(("seconds", "notes"), [(uses.HOUR - 1, 1), (uses.HOUR, 2)])
def test_a_use_is_noted_once_an_hour(token, clock, seconds, notes):
    uses.note(token)
    clock[0] += seconds
    uses.note(token)
    assert list(uses.waiting) == [token.id] * notes


def test_a_use_is_written_after_the_answer(token, clock):
    uses.note(token)
    assert read.token(token.id).last_used is None
    uses.write_down()
    assert read.token(token.id).last_used is not None
    assert list(uses.waiting) == []


def test_a_table_that_does_not_answer_is_no_error_of_the_request(token, clock, monkeypatch, caplog):
    def unavailable(*_: object) -> None:
        raise TableUnavailable("The table went away.")

    uses.note(token)
    monkeypatch.setattr(uses.write, "note_use", unavailable)
    uses.write_down()
    assert "could not be noted" in caplog.text


def test_another_catalogue_begins_anew(token, clock):
    uses.note(token)
    uses.forget(setting="DEBUG")
    assert uses.waiting
    uses.forget(setting="PACKAGES_APP")
    assert not uses.waiting
    assert not uses.noted


def test_memory_of_uses_is_bounded(token, clock, monkeypatch):
    monkeypatch.setattr(uses, "MOST", 2)
    uses.noted.update({"a": clock[0], "b": clock[0]})
    uses.note(token)
    assert set(uses.noted) == {token.id}
