"""Where a redirect may lead, and whom credentials are for."""

import pytest

from packages_app.conf import Upstream
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.sources.transport import Transport, origin, redirected

HERE = "https://index.example/simple/demo/"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        pytest.param("/simple/d/", "https://index.example/simple/d/", id="a path"),
        pytest.param("../d/", "https://index.example/simple/d/", id="a relative path"),
        pytest.param("//files.example/d", "https://files.example/d", id="another host"),
        pytest.param("https://files.example:8443/d", "https://files.example:8443/d", id="another port"),
    ],
)
def test_a_redirect_is_followed(location, target):
    assert redirected(HERE, location) == target


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("http://index.example/simple/d/", id="from TLS to none"),
        pytest.param("file:///etc/passwd", id="to a local file"),
        pytest.param("ftp://files.example/d", id="to another scheme"),
        pytest.param("https://files.example:0/d", id="to no port"),
        pytest.param("https://files.example:99999/d", id="to a port that there is not"),
        pytest.param("https://ana:secret@files.example/d", id="with credentials of its own"),
        pytest.param("https://[::1/d", id="to half an address"),
    ],
)
def test_a_redirect_is_not_followed(location):
    with pytest.raises(SourceFailed) as raised:
        redirected(HERE, location)
    assert raised.value.fault is Fault.REDIRECT


@pytest.mark.parametrize("url", [HERE, "HTTPS://index.example/simple/demo/"])
def test_tls_does_not_lead_to_plain_http_however_it_is_written(url):
    with pytest.raises(SourceFailed):
        redirected(url, "http://index.example/simple/d/")


def test_plain_http_may_lead_to_tls():
    assert redirected("http://index.example/simple/", HERE) == HERE


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param("https://INDEX.example:443/files/f", True, id="the port that TLS has anyway"),
        pytest.param("http://index.example/files/f", False, id="no TLS"),
        pytest.param("https://index.example:8443/files/f", False, id="another port"),
        pytest.param("https://index.example.evil.example/files/f", False, id="a longer host"),
        pytest.param("https://evil.example/index.example/f", False, id="the host as a path"),
    ],
)
def test_credentials_are_for_scheme_host_and_port(other, same):
    assert (origin(other) == origin(HERE)) is same


@pytest.mark.parametrize(
    ("url", "given", "expected"),
    [
        pytest.param("https://a.example/s", {}, {}, id="nobody in particular"),
        pytest.param("https://a.example/s", {"username": "u", "password": "p"}, "Basic dTpw", id="of the settings"),
        pytest.param(
            "https://x:y%40@a.example/s", {"username": "u", "password": "p"}, "Basic eDp5QA==", id="of the URL"
        ),
    ],
)
def test_credentials_stand_in_the_address_or_in_the_settings(url, given, expected):
    found = Transport(url, Upstream(urls=("https://a.example/s",), **given)).credentials
    assert found == ({"Authorization": expected} if expected else {})


def test_credentials_of_the_index_do_not_go_to_another_thing_at_an_address():
    chosen = Upstream(urls=("https://a.example/s",), username="u", password="p")
    assert Transport("https://osv.example/all.zip?x=1", chosen, exact=True).credentials == {}


@pytest.mark.parametrize(
    ("url", "exact", "base"),
    [
        pytest.param("https://u:p@A.example:8443/simple", False, "https://a.example:8443/simple/", id="an index"),
        pytest.param("https://[::1]/simple/?x=1#f", False, "https://[::1]/simple/", id="an index by its number"),
        pytest.param("https://a.example/all.json?x=1", True, "https://a.example/all.json?x=1", id="a thing"),
    ],
)
def test_the_address_that_is_asked_has_no_credentials_in_it(url, exact, base):
    assert Transport(url, Upstream(), exact=exact).base == base
