"""That nothing secret of a feed's address is told."""

import pytest

from packages_app.upstream.feeds import shortened


@pytest.mark.parametrize(
    ("feed", "told"),
    [
        pytest.param("/srv/osv@work/all.zip", "/srv/osv@work/all.zip", id="a file"),
        pytest.param("https://osv.example/all.zip", "https://osv.example/all.zip", id="an address"),
        pytest.param("https://osv.example:8443/a@b", "https://osv.example:8443/a@b", id="a path with an at sign"),
        pytest.param("https://ana:horse@osv.example/all", "https://osv.example/all", id="a user and a password"),
        pytest.param("https://ana:h@rse@osv.example/all", "https://osv.example/all", id="a password with an at sign"),
        pytest.param("https://osv.example/all?key=horse", "https://osv.example/all", id="a key behind the path"),
        pytest.param("https://osv.example/all#horse", "https://osv.example/all", id="a fragment"),
        pytest.param("https://ana:horse@[osv/all", "an address that is none", id="an address that is none"),
    ],
)
def test_a_feed_is_told_without_what_may_be_secret(feed, told):
    assert shortened(feed) == told
