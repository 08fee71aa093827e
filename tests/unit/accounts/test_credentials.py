import base64

import pytest

from packages_app.accounts.credentials import identify
from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import BadCredentials
from packages_app.accounts.tokens import write
from packages_app.tables.base import table_connection
from tests.unit.accounts.conftest import ROOT


@pytest.fixture(autouse=True)
def _users(_own_index, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"ana": "pa:ss wörd", "ben": "b", "ünal": "x"}}


def header(pair: str, encoding: str = "utf-8", scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(pair.encode(encoding)).decode()}"


@pytest.mark.parametrize(
    ("authorization", "user"),
    [
        pytest.param(header("ana:pa:ss wörd"), "ana", id="a password with a colon, in UTF-8"),
        pytest.param(header("ana:pa:ss wörd", "latin-1"), "ana", id="the same in Latin-1, as requests sends it"),
        pytest.param(header("ana:pa:ss wo\u0308rd"), "ana", id="the same in decomposed Unicode"),
        pytest.param(header("ünal:x", "latin-1"), "ünal", id="a user name beyond ASCII"),
        pytest.param(header("ben:b", scheme="bAsIc"), "ben", id="the scheme in any case"),
        pytest.param("", "", id="no header"),
        pytest.param(None, "", id="no header at all"),
    ],
)
def test_right_credentials_say_who(authorization, user):
    assert identify(authorization, "192.0.2.7") == Principal(name=user, address="192.0.2.7")


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(header("ana:wrong"), id="a wrong password"),
        pytest.param(header("ana:"), id="an empty password"),
        pytest.param(header("ana:b"), id="somebody else's password"),
        pytest.param(header("nobody:b"), id="an unknown user"),
        pytest.param(header("ana"), id="no colon"),
        pytest.param(header(":"), id="nothing on either side"),
        pytest.param("Basic ???", id="no base64"),
        pytest.param("Basic", id="no credentials"),
        pytest.param("Bearer abc", id="a token that is none"),
        pytest.param("Bearer", id="no token"),
        pytest.param(header("__token__:b"), id="a password in the place of a token"),
        pytest.param("Digest abc", id="another scheme"),
        pytest.param("Basic " + "A" * 10_000, id="an endless header"),
        pytest.param("Basic \u00e9", id="base64 beyond ASCII"),
    ],
)
def test_wrong_credentials_are_refused(authorization):
    with pytest.raises(BadCredentials):
        identify(authorization)


def test_a_refusal_does_not_repeat_what_was_sent():
    with pytest.raises(BadCredentials) as refusal:
        identify(header("ana:hunter2"))
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(lambda token: header(f"__token__:{token}"), id="as the password of __token__"),
        pytest.param(lambda token: header(f"cem:{token}"), id="as the password of its owner"),
        pytest.param(lambda token: f"Bearer {token}", id="as a bearer's"),
        pytest.param(lambda token: f"bearer  {token} ", id="as a bearer's, in another spelling"),
    ],
)
def test_a_token_is_taken(make_user, authorization):
    make_user("cem")
    made, token = write.create("cem", change=ROOT)
    assert identify(authorization(token)).token == made.id


@pytest.mark.parametrize("user", ["ana", "nobody", ""])
def test_a_token_is_not_taken_from_somebody_else(make_user, user):
    make_user("cem")
    with pytest.raises(BadCredentials):
        identify(header(f"{user}:{write.create('cem', change=ROOT)[1]}"))


def test_the_password_of_an_account_is_for_browsers_and_is_not_even_looked_at(make_user, monkeypatch):
    make_user("cem", password="correct horse battery")

    def never(*_: object) -> None:
        pytest.fail("a hash was computed on the way of an installer")

    asked = []
    connection = type(table_connection().connection)
    call = connection._make_api_call
    monkeypatch.setattr("packages_app.accounts.passwords.right", never)
    monkeypatch.setattr(connection, "_make_api_call", lambda *given: (asked.append(given[1]), call(*given))[1])
    with pytest.raises(BadCredentials, match="__token__"):
        identify(header("cem:correct horse battery"))
    assert set(asked) == {"UpdateItem"}  # the failure is counted, and that is all
