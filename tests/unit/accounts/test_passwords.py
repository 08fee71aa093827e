import pytest

from packages_app.accounts.errors import BadAccount
from packages_app.accounts.passwords import LONGEST, hashed, right

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def _as_an_operator_has_it(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]


def test_a_password_is_kept_as_a_salted_scrypt_hash_and_known_again():
    kept = hashed(WORDS)
    assert kept.startswith("scrypt$")
    assert kept != hashed(WORDS)
    assert right(WORDS, kept)
    assert not right(f"{WORDS}.", kept)


@pytest.mark.parametrize(
    ("password", "kept"),
    [
        pytest.param(WORDS, "", id="where there is none"),
        pytest.param("", "", id="nothing, where there is none"),
        pytest.param("x" * (LONGEST + 1), "", id="an endless one"),
        pytest.param(WORDS, "nonsense", id="where what is kept is none"),
    ],
)
def test_a_password_is_wrong(password, kept):
    assert not right(password, kept)


@pytest.mark.parametrize("password", ["", "nine char", "x" * (LONGEST + 1)])
def test_a_password_that_is_too_short_or_too_long_is_refused(password):
    with pytest.raises(BadAccount):
        hashed(password)
