"""That a change of accounts and its event are written together, or refused for what really stood in the way."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from pynamodb.exceptions import TransactWriteError

from packages_app.accounts import read
from packages_app.accounts.entries import User
from packages_app.accounts.errors import AccountExists
from packages_app.accounts.models import UserRow
from packages_app.accounts.rows import user_row
from packages_app.accounts.transact import commit, event_of
from packages_app.audit.read import events
from packages_app.catalogue import transact
from packages_app.catalogue.entries import Change
from packages_app.catalogue.errors import Busy

CHANGE = Change(actor="root", address="192.0.2.1", source="test", token="t")
CONFLICT = ClientError({"Error": {"Code": "TransactionConflictException", "Message": ""}}, "TransactWriteItems")
REFUSAL = AccountExists("There is one of this name.")


def write(name: str, **fields) -> None:
    row = user_row(User(name=name, **fields))
    event = event_of(CHANGE, "user.create", name, after={"email": "x"})
    commit(lambda transaction: transaction.save(row, UserRow.pk.does_not_exist()), event=event, refusal=REFUSAL)


def trail() -> list[tuple[str, str, str, str]]:
    month = datetime.now(UTC).strftime("%Y-%m")
    return [(event.action, event.actor, event.token, event.project) for event in events(month)]


def test_a_change_is_written_with_its_event():
    write("ben")
    assert read.user("ben") is not None
    assert trail() == [("user.create", "root", "t", "")]


def test_a_condition_that_failed_is_the_refusal_and_leaves_no_event():
    write("ben")
    with pytest.raises(AccountExists):
        write("ben")
    assert len(trail()) == 1


def test_an_error_of_another_kind_is_not_told_as_the_refusal():
    with pytest.raises(TransactWriteError):
        write("ben", display_name="x" * 500_000)
    assert (read.user("ben"), trail()) == (None, [])


def test_a_conflict_that_does_not_end_is_given_up_with_a_word(monkeypatch):
    monkeypatch.setattr(transact, "PATIENCE", 0.0)
    tried = []

    def conflict(_) -> None:
        tried.append(1)
        raise TransactWriteError("others", cause=CONFLICT)

    with pytest.raises(Busy):
        commit(conflict, event=event_of(CHANGE, "user.create", "ben"), refusal=REFUSAL)
    assert tried
