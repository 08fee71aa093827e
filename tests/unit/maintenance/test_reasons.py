"""That a reason is one line of text that turns nothing around."""

import pytest

from packages_app.maintenance.errors import BadReason
from packages_app.maintenance.reasons import LONGEST_REASON, one_line


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("  breaks \t on\r\nWindows  ", "breaks on Windows", id="several lines"),
        pytest.param("a\x00b\x1b[31mc\x7fd\x85e\x9b2Jf", "a b [31mc d e 2Jf", id="control characters"),
        pytest.param("a\u2028b\u2029c", "a b c", id="line ends of other scripts"),
        pytest.param("a\u202eb\u2066c", "a b c", id="what turns the direction"),
        pytest.param("naïve ☃ שלום", "naïve ☃ שלום", id="letters of any script"),
        pytest.param("x" * LONGEST_REASON + "\n", "x" * LONGEST_REASON, id="the longest there may be"),
    ],
)
def test_a_reason_is_shown_on_one_line(said, shown):
    assert one_line(said) == shown


def test_a_longer_reason_is_refused_with_its_length():
    with pytest.raises(BadReason, match=f"has {LONGEST_REASON + 1} characters"):
        one_line("x" * (LONGEST_REASON + 1))
