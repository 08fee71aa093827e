"""X-Forwarded-* count only when a configured proxy sends them; on Lambda the event says who asks."""

import pytest

from pypi_site.forwarded import SAID, Forwarded

GATEWAY = {"requestContext": {"identity": {"sourceIp": "192.0.2.9"}}}
FUNCTION_URL = {"version": "2.0", "requestContext": {"http": {"method": "GET", "sourceIp": "192.0.2.9"}}}


def seen(proxies: tuple[str, ...], **environ: object) -> dict:
    """Return what the application behind sees of a request."""
    found = {}

    def application(given, start_response):
        found.update(given)
        return [b""]

    given = {"REMOTE_ADDR": "10.1.1.1", "HTTP_HOST": "inside.example", "wsgi.url_scheme": "http", **environ}
    Forwarded(application, proxies)(given, None)
    return found


CLAIMS = {
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "packages.example",
    "HTTP_X_FORWARDED_FOR": "198.51.100.7",
}


@pytest.mark.parametrize("proxies", [(), ("10.2.0.0/16",), ("unix",)], ids=["nobody", "others", "a socket"])
def test_a_stranger_s_headers_count_for_nothing(proxies):
    found = seen(proxies, **CLAIMS)
    assert (found["wsgi.url_scheme"], found["HTTP_HOST"], found["REMOTE_ADDR"]) == (
        "http",
        "inside.example",
        "10.1.1.1",
    )
    assert not set(SAID) & found.keys()


@pytest.mark.parametrize("proxies", [("10.1.1.1",), ("192.0.2.0/24", "10.0.0.0/8"), ("10.1.1.7/8",)])
def test_a_configured_proxy_is_believed(proxies):
    found = seen(proxies, **CLAIMS)
    assert (found["wsgi.url_scheme"], found["HTTP_HOST"], found["REMOTE_ADDR"]) == (
        "https",
        "packages.example",
        "198.51.100.7",
    )
    assert not set(SAID) & found.keys()


def test_a_proxy_at_a_socket_is_believed_where_sockets_are_configured():
    assert seen(("unix",), REMOTE_ADDR="", **CLAIMS)["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize(
    ("hops", "asks"),
    [
        pytest.param("203.0.113.5, 198.51.100.7", "198.51.100.7", id="what stands before a stranger is made up"),
        pytest.param("198.51.100.7, 10.3.3.3", "198.51.100.7", id="a chain of our own proxies"),
        pytest.param("nonsense", "nonsense", id="no address"),
        pytest.param("", "10.1.1.1", id="nothing"),
    ],
)
def test_who_asks_is_the_last_that_is_no_proxy_of_ours(hops, asks):
    assert seen(("10.0.0.0/8",), HTTP_X_FORWARDED_FOR=hops)["REMOTE_ADDR"] == asks


@pytest.mark.parametrize("scheme", ["javascript", "", "https, ftp"])
def test_a_scheme_that_is_none_changes_nothing(scheme):
    assert seen(("10.0.0.0/8",), HTTP_X_FORWARDED_PROTO=scheme)["wsgi.url_scheme"] == "http"


@pytest.mark.parametrize("event", [GATEWAY, FUNCTION_URL], ids=["a gateway", "a function URL"])
def test_on_lambda_the_event_says_who_asks_and_the_scheme_stays(event):
    """Zappa has read the address from X-Forwarded-For, where the caller wrote it, and says https."""
    given = {"lambda.event": event, "REMOTE_ADDR": "203.0.113.5", "wsgi.url_scheme": "https"}
    found = seen((), **given, HTTP_X_FORWARDED_PROTO="http", HTTP_X_FORWARDED_FOR="203.0.113.5, 192.0.2.9")
    assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"]) == ("192.0.2.9", "https")


@pytest.mark.parametrize("event", [None, {}, {"requestContext": None}, {"requestContext": {"elb": {}}}])
def test_an_event_of_another_shape_says_nothing(event):
    assert seen((), **{"lambda.event": event})["REMOTE_ADDR"] == "10.1.1.1"
