import base64
import time
import unicodedata

import pytest

from packages_app.accounts import throttle
from packages_app.accounts.credentials import identify
from packages_app.accounts.errors import BadCredentials, TooManyAttempts
from packages_app.accounts.sign_in import with_password
from packages_app.accounts.throttle import (
    CREDENTIALS_OF_ACCOUNT,
    CREDENTIALS_OF_ADDRESS,
    UPLOADS_OF_ACCOUNT,
    UPLOADS_OF_ADDRESS,
)
from packages_app.accounts.tokens import write
from packages_app.audit.read import events
from packages_app.tables.base import table_connection
from tests.unit.accounts.conftest import ROOT
from tests.unit.audit.test_write import MONTH

RIGHT, HOME, AWAY = "pa:ss wörd", "192.0.2.7", "198.51.100.9"
PASSWORDS = (CREDENTIALS_OF_ADDRESS, CREDENTIALS_OF_ACCOUNT)


@pytest.fixture(autouse=True)
def _in_one_window(monkeypatch):
    monkeypatch.setattr(throttle, "clock", lambda: 1_000_000_010.0)


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What is asked of the catalogue."""
    found: list[str] = []
    connection = type(table_connection().connection)
    call = connection._make_api_call
    monkeypatch.setattr(connection, "_make_api_call", lambda *given: (found.append(given[1]), call(*given))[1])
    return found


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def guess(times: int, user: str = "ana", address: str = HOME) -> None:
    for number in range(times):
        with pytest.raises(BadCredentials):
            identify(basic(user, f"guess {number}"), address)


def elsewhere() -> None:
    """Forget what this process knows, as if the next request came to another one."""
    throttle.counts.clear()
    throttle.proven.clear()


def test_who_guesses_from_one_address_is_told_to_wait_and_then_not_even_heard(asked):
    guess(CREDENTIALS_OF_ADDRESS.most)
    with pytest.raises(TooManyAttempts) as refusal:
        identify(basic("ana", "another guess"), HOME)
    assert 0 < refusal.value.retry_after <= throttle.SECONDS
    written = len(asked)
    for password in ("and another", RIGHT):
        with pytest.raises(TooManyAttempts):
            identify(basic("ana", password), HOME)
    assert len(asked) == written
    assert identify(basic("ana", RIGHT), AWAY).name == "ana"


def test_all_processes_share_the_counts():
    guess(CREDENTIALS_OF_ADDRESS.most)
    elsewhere()
    with pytest.raises(TooManyAttempts):
        identify(basic("ana", "the first guess there"), HOME)
    with pytest.raises(TooManyAttempts):
        identify(basic("ana", RIGHT), HOME)


def test_who_guesses_from_many_addresses_is_told_to_wait_but_not_who_signed_in_before():
    identify(basic("ana", RIGHT), AWAY)
    for number in range(CREDENTIALS_OF_ACCOUNT.most):
        guess(1, address=f"203.0.113.{number}")
    for password in ("another guess", RIGHT):
        with pytest.raises(TooManyAttempts):
            identify(basic("ana", password), "203.0.113.200")
    assert identify(basic("ana", RIGHT), AWAY).name == "ana"


def test_a_right_token_works_whatever_others_fail_at():
    _, token = write.create("ana", change=ROOT)
    guess(CREDENTIALS_OF_ADDRESS.most, user="nobody")
    for number in range(CREDENTIALS_OF_ACCOUNT.most):
        guess(1, address=f"203.0.113.{number}")
    with pytest.raises(TooManyAttempts):
        identify(basic("ana", RIGHT), "203.0.113.200")
    assert identify(basic("__token__", token), HOME).name == "ana"
    assert identify(f"Bearer {token}", "203.0.113.200").name == "ana"


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Bearer nonsense", id="a token that is none"),
        pytest.param("Basic ???", id="a malformed header"),
        pytest.param(basic("__token__", "epypi_nonsense"), id="a token in the wrong form"),
        pytest.param(basic("nobody", "guess"), id="an unknown user"),
    ],
)
def test_everything_that_fails_counts_for_the_address(header):
    for _ in range(CREDENTIALS_OF_ADDRESS.most):
        with pytest.raises(BadCredentials):
            identify(header, HOME)
    with pytest.raises(TooManyAttempts):
        identify(header, HOME)


def test_the_next_window_begins_at_nothing(monkeypatch):
    guess(CREDENTIALS_OF_ADDRESS.most)
    monkeypatch.setattr(throttle, "clock", lambda: 1_000_000_010.0 + throttle.SECONDS)
    guess(1)
    assert identify(basic("ana", RIGHT), HOME).name == "ana"


def test_what_succeeds_and_who_is_anonymous_costs_nothing(asked):
    for _ in range(3):
        identify(basic("ana", RIGHT), HOME)
        identify(None, HOME)
    assert asked == []


def test_the_browser_s_door_counts_with_the_others_and_a_name_s_spelling_makes_no_difference():
    for number in range(CREDENTIALS_OF_ACCOUNT.most):
        assert with_password(" ANA ", "guess", f"203.0.113.{number}") is None
    with pytest.raises(TooManyAttempts):
        with_password("ana", RIGHT, AWAY)
    with pytest.raises(TooManyAttempts):
        identify(basic("ana", RIGHT), AWAY)


def test_another_unicode_form_of_a_name_is_not_another_account(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"zoë": RIGHT}}
    for number in range(CREDENTIALS_OF_ACCOUNT.most):
        form = unicodedata.normalize("NFC" if number % 2 else "NFD", "zoë")
        guess(1, user=form, address=f"203.0.113.{number}")
    with pytest.raises(TooManyAttempts):
        identify(basic("zoë", RIGHT), AWAY)


def test_the_trail_says_once_that_a_limit_was_reached():
    guess(CREDENTIALS_OF_ADDRESS.most)
    for _ in range(3):
        with pytest.raises(TooManyAttempts):
            identify(basic("ana", "guess"), HOME)
    found = [event for event in events(MONTH) if event.action == "attempts.limit"]
    assert [(event.address, event.target) for event in found] == [(HOME, HOME)]


@pytest.mark.parametrize("limit", [UPLOADS_OF_ADDRESS, UPLOADS_OF_ACCOUNT, *PASSWORDS], ids=lambda limit: limit.kind)
def test_who_must_wait_is_told_how_long_and_of_tokens_only_where_they_go_on_working(limit):
    refusal = throttle.too_many(limit)
    assert str(refusal).startswith(f"{limit.sentence}; try again in {refusal.retry_after} seconds.")
    assert ("API tokens that are right go on working." in str(refusal)) is (limit in PASSWORDS)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
        ("/run/socket", "/run/socket", True),
    ],
)
def test_what_counts_as_one_address(one, other, same):
    assert (throttle.network(one) == throttle.network(other)) is same


def test_counts_leave_the_catalogue_by_themselves():
    guess(1)
    row = next(item for item in table_connection().scan()["Items"] if item["pk"]["S"].startswith("F#ca#"))
    assert int(row["expires"]["N"]) < time.time() + 3 * throttle.SECONDS
    assert HOME not in row["pk"]["S"]
