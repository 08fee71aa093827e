import base64

import pytest

from packages_app.accounts.credentials import identify
from packages_app.accounts.errors import BadCredentials


@pytest.fixture(autouse=True)
def _users(settings):
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
    assert identify(authorization) == user


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
        pytest.param("Bearer abc", id="another scheme"),
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
