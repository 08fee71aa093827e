from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from packages_app.accounts import read as accounts
from packages_app.accounts import rules
from packages_app.accounts.errors import BadCredentials, Forbidden
from packages_app.accounts.permissions import Action, may
from packages_app.accounts.tokens import read, text, uses, write
from packages_app.accounts.tokens.accept import accept, comes_from
from packages_app.accounts.tokens.entries import Token
from packages_app.accounts.write import change_user
from packages_app.tables.base import table_connection
from tests.unit.accounts.conftest import ROOT

HOME = "192.0.2.7"


@pytest.fixture
def token(make_user):
    """A token of ben's, with its text."""
    make_user("ben", administrator=True)
    return write.create("ben", actions=frozenset({Action.READ}), patterns=("acme-*",), change=ROOT)


def test_a_token_speaks_for_its_owner_within_its_limits(token):
    made, whole = token
    who = accept(whole, HOME)
    assert (who.name, who.token, who.address) == ("ben", made.id, HOME)
    assert may(who, Action.READ, "acme-core")
    assert not may(who, Action.READ, "other")
    assert not may(who, Action.UPLOAD, "acme-core")


def test_a_token_of_the_right_form_that_was_never_made_is_refused():
    with pytest.raises(BadCredentials):
        accept(text.make().whole, HOME)


def test_the_right_id_with_another_secret_is_refused(token):
    guessed = text.TokenText(token[0].id, text.make().secret)
    with pytest.raises(BadCredentials):
        accept(guessed.whole, HOME)


def test_a_revoked_token_is_refused_here_at_once_and_again_is_fine(token):
    made, whole = token
    accept(whole, HOME)
    revoked = write.revoke(made, change=ROOT)
    with pytest.raises(BadCredentials):
        accept(whole, HOME)
    assert write.revoke(revoked, change=ROOT) == revoked
    assert read.token(made.id).state == "revoked"


def test_a_token_that_another_process_revokes_is_refused_within_the_stated_seconds(token, monkeypatch):
    made, whole = token
    accept(whole, HOME)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(read.kept, "forget", lambda: None)
        elsewhere.setattr(rules, "forget", lambda: None)
        write.revoke(made, change=ROOT)
    accept(whole, HOME)
    later = rules.time.monotonic() + rules.SECONDS
    monkeypatch.setattr(rules.time, "monotonic", lambda: later)
    with pytest.raises(BadCredentials):
        accept(whole, HOME)


def test_an_expired_token_is_refused_by_name(make_user, monkeypatch):
    make_user("ben")
    _, whole = write.create("ben", expires=datetime.now(UTC) + timedelta(seconds=1), change=ROOT)
    accept(whole, HOME)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(seconds=2)

    monkeypatch.setattr("packages_app.accounts.tokens.accept.datetime", Later)
    with pytest.raises(BadCredentials, match="expired"):
        accept(whole, HOME)


def test_a_token_of_a_disabled_owner_is_refused(token):
    ben = accounts.user("ben")
    change_user(ben, replace(ben, disabled=True), change=ROOT)
    with pytest.raises(BadCredentials, match="disabled"):
        accept(token[1], HOME)


def test_a_token_of_who_is_configured_no_more_is_refused(settings):
    _, whole = write.create("ana", change=ROOT)
    accept(whole, HOME)
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"zoe": "x"}}
    with pytest.raises(BadCredentials):
        accept(whole, HOME)


@pytest.mark.parametrize(
    ("networks", "address", "inside"),
    [
        pytest.param((), HOME, True, id="no network means all"),
        pytest.param(("192.0.2.0/24",), HOME, True, id="inside the network"),
        pytest.param(("198.51.100.0/24", "192.0.2.7/32"), HOME, True, id="inside one of several"),
        pytest.param(("198.51.100.0/24",), HOME, False, id="outside the network"),
        pytest.param(("192.0.2.0/24",), "::ffff:192.0.2.7", True, id="IPv4 as a server on both stacks sees it"),
        pytest.param(("192.0.2.0/24",), "2001:db8::1", False, id="another family"),
        pytest.param(("2001:db8::/32",), "2001:db8::1", True, id="IPv6"),
        pytest.param(("192.0.2.0/24",), "", False, id="no address, as behind a socket's path"),
        pytest.param(("0.0.0.0/0",), "unknown", False, id="no address at all"),
    ],
)
def test_where_a_token_may_be_used(networks, address, inside):
    token = Token(id="0", owner="ben", networks=networks, created=datetime.now(UTC))
    assert comes_from(token, address) is inside


def test_a_token_from_a_wrong_network_is_forbidden(make_user):
    make_user("ben")
    _, whole = write.create("ben", networks=("198.51.100.0/24",), change=ROOT)
    with pytest.raises(Forbidden, match="address"):
        accept(whole, HOME)


def test_a_token_costs_one_read_and_then_none_for_as_long_as_it_is_kept(token, monkeypatch):
    rules.rules()
    asked = []
    connection = type(table_connection().connection)
    call = connection._make_api_call
    monkeypatch.setattr(connection, "_make_api_call", lambda *given: (asked.append(given[1]), call(*given))[1])
    accept(token[1], HOME)
    assert asked == ["GetItem"]
    for _ in range(3):
        accept(token[1], HOME)
    assert asked == ["GetItem"]
    with pytest.raises(BadCredentials):
        accept(token[1][:-1] + "0000", HOME)
    assert asked == ["GetItem"]


def test_the_last_use_is_noted_once_an_hour_and_after_the_request(token):
    made, whole = token
    accept(whole, HOME)
    assert read.token(made.id).last_used is None
    uses.write_down()
    first = read.token(made.id).last_used
    assert datetime.now(UTC) - first < timedelta(seconds=10)
    uses.noted.clear()  # as another process, which does not know of the note
    accept(whole, HOME)
    uses.write_down()
    assert read.token(made.id).last_used == first


def test_a_note_never_brings_back_a_token_that_is_gone():
    write.note_use("0123456789abcdef")
    assert read.token("0123456789abcdef") is None
