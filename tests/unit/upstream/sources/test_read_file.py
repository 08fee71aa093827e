"""Which addresses of another index's page a client may be given."""

import pytest

from packages_app.upstream.sources.read_file import LONGEST_URL, address, moment

BASE = "https://index.example/simple/demo/"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        pytest.param("../../f/d.whl#sha256=a", "https://index.example/f/d.whl", id="a path, without its fragment"),
        pytest.param("//files.example/d.whl?x=1", "https://files.example/d.whl?x=1", id="another host"),
        pytest.param("http://files.example/d.whl", "http://files.example/d.whl", id="plain http"),
        pytest.param("https://files.example:8443/é", "https://files.example:8443/é", id="another port"),
        pytest.param("ftp://files.example/d.whl", None, id="another scheme"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("https://u@files.example/d.whl", None, id="credentials"),
        pytest.param("https://:p@files.example/d.whl", None, id="a password alone"),
        pytest.param("https://files.example:0/d.whl", None, id="no port"),
        pytest.param("https://files.example:99999/d.whl", None, id="a port that there is not"),
        pytest.param("/d\x1b.whl", None, id="a control character"),
        pytest.param('/d".whl', None, id="a quote, which ends an attribute"),
        pytest.param("/d whl", None, id="a space"),
        pytest.param("/" + "d" * LONGEST_URL, None, id="an endless one"),
    ],
)
def test_an_address_is_safe_to_give_away_or_none(url, found):
    assert address(url, BASE) == found


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000Z"),
        ("2026-01-02T03:04:05.123456789+02:00", "2026-01-02T01:04:05.123456Z"),
        ("2026-01-02T03:04:05", ""),
        ("0001-01-01T00:00:00+14:00", ""),
        ("yesterday", ""),
    ],
    ids=["in UTC", "in another zone and finer", "without a zone", "before the first year", "no time"],
)
def test_a_time_is_shown_in_utc_or_not_at_all(said, shown):
    assert moment(said) == shown
