"""Markers of work: who asked and what they may, believed only where the index wrote them."""

from dataclasses import replace

import pytest

from packages_app.accounts.entries import Limits, Principal
from packages_app.accounts.roles import Action
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.uploads.sessions import markers
from packages_app.uploads.sessions.entries import FileStatus
from packages_app.uploads.sessions.work import Result, carry_out
from tests.factories import make_wheel
from tests.unit.uploads.sessions.conftest import ANA, left, sent, status

pytestmark = pytest.mark.usefixtures("everything_takes_long")


def test_a_marker_carries_who_asked_and_what_their_token_allows(session):
    limits = Limits(actions=frozenset({Action.UPLOAD}), patterns=("demo", "team-*"))
    for who in (ANA, replace(ANA, token="t1", limits=limits)):
        markers.put(session.id, "", who)
        assert markers.bearer(keys.work(session.id)) == who


@pytest.mark.parametrize("forged", ["other bytes", "not ASCII", "too long", "copied from another"])
def test_a_marker_that_the_index_did_not_write_does_nothing(session, forged):
    file = sent(session, make_wheel())
    key = keys.work(session.id, file.filename)
    markers.put("0" * 32, file.filename, Principal(name="root", trusted=True))
    data = {
        "other bytes": b"{}",
        "not ASCII": b"\xff",
        "too long": b"x" * (markers.LONGEST + 1),
        "copied from another": store.read(keys.work("0" * 32, file.filename), 10_000),
    }[forged]
    store_write.put_bytes(key, data)
    assert carry_out(key) is Result.FOREIGN
    assert status(file) is FileStatus.PENDING


def test_what_is_no_marker_is_nothing(session):
    assert carry_out("work/notes.txt") is Result.NOTHING
    store_write.put_bytes("work/notes.txt", b"")
    assert left() == []
