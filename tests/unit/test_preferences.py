import pytest

from packages_app.preferences import prefers, ranked


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("gzip", (("gzip", 1.0),), id="no quality counts as one"),
        pytest.param("a;q=0.5, b", (("a", 0.5), ("b", 1.0)), id="the header's order is kept"),
        pytest.param(" A/B ; Q=0.25 ", (("a/b", 0.25),), id="case and spaces do not matter"),
        pytest.param("a;level=1;q=0.3", (("a", 0.3),), id="other parameters are left out"),
        pytest.param("a;q=0", (("a", 0.0),), id="zero is kept, as it refuses"),
        pytest.param("a;q=lots", (("a", 1.0),), id="a quality that is no number counts as one"),
        pytest.param("a;q=7, b;q=-1, c;q=nan", (("a", 1.0), ("b", 1.0), ("c", 1.0)), id="so does one out of bounds"),
        pytest.param("a;q", (("a", 1.0),), id="so does one without a value"),
        pytest.param(",, ;q=1,a", (("a", 1.0),), id="empty alternatives are overlooked"),
        pytest.param("", (), id="nothing gives nothing"),
    ],
)
def test_a_header_is_read_as_alternatives_with_qualities(header, expected):
    assert ranked(header) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("text/html,application/xhtml+xml,*/*;q=0.8", True, id="a browser"),
        pytest.param("application/json, text/html;q=0.1", False, id="an installer, as a last resort"),
        pytest.param("*/*", False, id="who takes anything names nothing"),
        pytest.param("text/html;q=0", False, id="who refuses it"),
        pytest.param("", False, id="who says nothing"),
    ],
)
def test_what_a_header_prefers_is_named_and_outranked_by_nothing(header, expected):
    assert prefers(header, "text/html") is expected
