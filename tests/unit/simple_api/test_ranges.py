import pytest

from packages_app.simple_api.errors import NoSuchRange
from packages_app.simple_api.ranges import Range, wanted


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("bytes=0-9", Range(0, 9), id="from the start"),
        pytest.param("bytes=10-19", Range(10, 19), id="in the middle"),
        pytest.param("bytes=99-99", Range(99, 99), id="the last byte"),
        pytest.param("bytes=90-", Range(90, 99), id="to the end"),
        pytest.param("bytes=0-", Range(0, 99), id="all of it, as a part"),
        pytest.param("bytes=-10", Range(90, 99), id="the last ten"),
        pytest.param("bytes=-1000", Range(0, 99), id="more of the end than there is"),
        pytest.param("bytes=90-1000", Range(90, 99), id="beyond the end is cut"),
        pytest.param("Bytes=0-0", Range(0, 0), id="units have no case"),
        pytest.param("bytes= 0-0 ", Range(0, 0), id="spaces around it"),
    ],
)
def test_one_range_is_understood(header, expected):
    assert wanted(header, 100) == expected


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="no header"),
        pytest.param("", id="an empty header"),
        pytest.param("bytes=0-9,20-29", id="several ranges"),
        pytest.param("bytes=-", id="neither end"),
        pytest.param("bytes=9-0", id="backwards"),
        pytest.param("bytes=a-b", id="no numbers"),
        pytest.param("bytes=-1-2", id="a negative start"),
        pytest.param("bytes=1-2\n", id="a line end"),
        pytest.param("bytes=\u0661-\u0662", id="digits of other scripts"),
        pytest.param("bytes=" + "9" * 5000 + "-", id="endless digits"),
        pytest.param("lines=0-9", id="other units"),
        pytest.param("0-9", id="no units"),
    ],
)
def test_what_is_not_one_range_is_answered_in_full(header):
    assert wanted(header, 100) is None


@pytest.mark.parametrize(
    ("header", "size"),
    [
        pytest.param("bytes=100-", 100, id="from just beyond the end"),
        pytest.param("bytes=500-600", 100, id="from far beyond the end"),
        pytest.param("bytes=-0", 100, id="the last zero bytes"),
        pytest.param("bytes=0-", 0, id="the start of an empty file"),
        pytest.param("bytes=-5", 0, id="the end of an empty file"),
    ],
)
def test_a_range_beyond_the_end_is_refused(header, size):
    with pytest.raises(NoSuchRange, match=f"has {size} bytes"):
        wanted(header, size)


def test_a_range_counts_both_its_ends():
    assert Range(10, 19).length == 10
