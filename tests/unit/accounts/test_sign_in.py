import pytest

from packages_app.accounts.passwords import LONGEST
from packages_app.accounts.sign_in import verified, with_password

WORDS = "correct horse battery"
CONFIGURED = "pa:ss wörd"


@pytest.fixture(autouse=True)
def _ben(make_user):
    make_user("ben", password=WORDS)


@pytest.mark.parametrize(
    ("name", "password", "found"),
    [
        pytest.param("ben", WORDS, "ben", id="a user"),
        pytest.param(" BEN ", WORDS, "ben", id="a name in another spelling"),
        pytest.param("ben", f"{WORDS} ", None, id="a password with a space more"),
        pytest.param("ben", "", None, id="no password"),
        pytest.param("ben", "x" * (LONGEST + 1), None, id="an endless password"),
        pytest.param("nobody", WORDS, None, id="an unknown user"),
        pytest.param("", WORDS, None, id="no name"),
        pytest.param("ana", CONFIGURED, "ana", id="a configured user"),
        pytest.param("ANA", CONFIGURED, None, id="a configured user in another spelling"),
        pytest.param("ana", WORDS, None, id="a configured user with somebody else's password"),
        pytest.param("a\ud800", WORDS, None, id="half a character"),
        pytest.param("\U0001d160" * 254, WORDS, None, id="a name that is longer in its normal form than any key"),
    ],
)
def test_who_signs_in(name, password, found):
    user = with_password(name, password, "192.0.2.7")
    assert (user.name if user is not None else None) == found


def test_an_endless_password_is_not_even_hashed(monkeypatch):
    monkeypatch.setattr("packages_app.accounts.sign_in.right", lambda *_: pytest.fail("it was hashed"))
    assert verified("ben", "x" * (LONGEST + 1)) is None


@pytest.mark.parametrize(
    "fields", [{"password": WORDS, "disabled": True}, {"password": None}], ids=["disabled", "without a password"]
)
def test_who_is_disabled_or_has_no_password_does_not_sign_in(make_user, fields):
    make_user("cem", **fields)
    for password in (WORDS, ""):
        assert with_password("cem", password, "192.0.2.7") is None


def test_the_password_that_a_name_had_before_it_was_configured_is_nobody_s(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"ben": CONFIGURED}}
    assert with_password("ben", WORDS, "192.0.2.7") is None
    assert with_password("ben", CONFIGURED, "192.0.2.7").configured
