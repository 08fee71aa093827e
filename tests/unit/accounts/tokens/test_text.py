import re

import pytest

from packages_app.accounts.tokens import text


def test_a_token_is_one_word_that_scanners_find_and_that_reads_back():
    made = text.make()
    assert re.fullmatch(r"epypi_[0-9a-f]{16}[0-9A-Za-z]{49}", made.whole)
    assert text.read(made.whole) == made
    assert made.secret not in repr(made)
    assert made.secret not in made.digest


def test_no_two_tokens_are_alike():
    made = [text.make() for _ in range(100)]
    assert len({each.id for each in made}) == len({each.secret for each in made}) == 100


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda whole: whole[:-1], id="cut off"),
        pytest.param(lambda whole: whole + "a", id="too long"),
        pytest.param(lambda whole: whole + "\n", id="with a line end"),
        pytest.param(lambda whole: whole.replace("epypi_", "pypi-"), id="another prefix"),
        pytest.param(lambda whole: whole[:-6] + "000000", id="a wrong checksum"),
        pytest.param(lambda whole: whole[:30] + ("a" if whole[30] != "a" else "b") + whole[31:], id="a typing error"),
        pytest.param(lambda whole: whole[:10] + "G" + whole[11:], id="an id that is none"),
        pytest.param(lambda whole: "", id="nothing"),
    ],
)
def test_what_is_no_token_is_told_without_asking_anybody(broken):
    assert text.read(broken(text.make().whole)) is None


@pytest.mark.parametrize(
    ("number", "digits", "written"), [(0, 3, "000"), (61, 1, "z"), (62, 2, "10"), (2**256 - 1, 43, None)]
)
def test_base_62(number, digits, written):
    found = text.base62(number, digits)
    assert len(found) == digits
    assert written in (None, found)
    back = 0
    for digit in found:
        back = back * 62 + text.ALPHABET.index(digit)
    assert back == number
