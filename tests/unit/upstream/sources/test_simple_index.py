"""Each way in which another index can misbehave, over real sockets, and the answer it has."""

import gzip
import json
import socket
import ssl
import time

import pytest

from packages_app.conf import Upstream
from packages_app.upstream.entries import Absent, Fetched, Unchanged, Validators
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.sources import rest
from packages_app.upstream.sources.simple_index import SimpleIndex
from tests.fakes import upstream as fakes
from tests.fakes.upstream import JSON, says

PATH = "/simple/demo/"
EMPTY = json.dumps({"meta": {"api-version": "1.0"}, "name": "demo", "files": []}).encode()
TYPES = {"json": JSON, "html": "text/html"}


def index(fake, **options) -> SimpleIndex:
    return SimpleIndex(options.pop("url", fake.url), Upstream(urls=(fake.url,), **options))


def ask(fake, *, within: float = 3.0, known: Validators | None = None, **options):
    return index(fake, **options).page("demo", known, time.monotonic() + within)


def test_a_page_comes_with_its_validators_and_is_confirmed_by_them(fake):
    fake.add("demo", "demo-1.0.tar.gz", b"bytes")
    came = ask(fake)
    assert isinstance(came, Fetched)
    (file,) = came.page.files
    assert file.url == f"http://127.0.0.1:{fake.port}/files/{file.sha256}/demo-1.0.tar.gz"
    assert came.validators.source == fake.url
    assert ask(fake, known=came.validators) == Unchanged()
    assert fake.headers[1]["If-None-Match"] == came.validators.etag
    assert "authorization" not in {name.lower() for name in fake.headers[0]}


def test_a_page_without_an_etag_is_asked_for_by_its_date(fake):
    modified = "Wed, 25 Nov 2026 10:00:00 GMT"
    fake.behave = says(EMPTY, Last_Modified=modified)
    came = ask(fake)
    assert came.validators == Validators(source=fake.url, etag="", last_modified=modified)
    fake.behave = fakes.status(304, b"")
    assert ask(fake, known=came.validators) == Unchanged()
    assert fake.headers[1]["If-Modified-Since"] == modified


def test_connections_are_used_again(fake):
    source = index(fake)
    fake.behave = fakes.status(404)
    ports = set()
    fake.behave = lambda handler: (ports.add(handler.client_address), fakes.status(404)(handler))
    for _ in range(5):
        assert source.page("demo", None, time.monotonic() + 3) == Absent()
    fake.behave = lambda handler: (ports.add(handler.client_address), says(EMPTY)(handler))
    for _ in range(5):
        assert isinstance(source.page("demo", None, time.monotonic() + 3), Fetched)
    assert len(ports) == 1


def test_a_connection_that_was_closed_while_it_lay_idle_is_no_failure(fake):
    source = index(fake)
    fake.behave = says(EMPTY, Connection="close")
    for _ in range(3):
        assert isinstance(source.page("demo", None, time.monotonic() + 3), Fetched)


def test_a_compressed_page_is_unpacked(fake):
    fake.behave = says(gzip.compress(EMPTY), Content_Encoding="gzip")
    assert isinstance(ask(fake), Fetched)


@pytest.mark.parametrize("code", [404, 410])
def test_only_404_and_410_say_that_there_is_no_such_project(fake, code):
    fake.behave = fakes.status(code)
    assert ask(fake) == Absent()


ERROR_PAGE = b"<!DOCTYPE html><html><body><h1>Service unavailable</h1><a href='/'>Home</a></body></html>"
HTML = (
    b'<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head>'
    b'<body><a href="demo-1.0.tar.gz">demo-1.0.tar.gz</a></body></html>'
)
BOMB = gzip.compress(b" " * 40 * 1024**2)
CASES = {
    "an error page answered with 200": (says(ERROR_PAGE, "text/html"), Fault.UNREADABLE),
    "an empty body answered with 200": (says(b"", "text/html"), Fault.UNREADABLE),
    "another content type": (says(EMPTY, "application/json"), Fault.UNREADABLE),
    "no content type": (says(EMPTY, ""), Fault.UNREADABLE),
    "invalid JSON": (says(b'{"meta": {"api-version": "1.0"'), Fault.UNREADABLE),
    "JSON of another thing": (says(b"[]"), Fault.UNREADABLE),
    "JSON nested without end": (says(b"[" * 100_000), Fault.UNREADABLE),
    "another major version": (says(EMPTY.replace(b'"1.0"', b'"2.0"')), Fault.UNREADABLE),
    "another project's page": (says(EMPTY.replace(b"demo", b"evil")), Fault.UNREADABLE),
    "half a body": (fakes.half(EMPTY), Fault.BROKEN),
    "half a page of unknown length": (fakes.unmeasured(HTML[:120], "text/html"), Fault.UNREADABLE),
    "a connection closed without an answer": (fakes.hang_up, Fault.BROKEN),
    "a page that is too large": (says(b" " * (3 * 1024**2)), Fault.TOO_LARGE),
    "a page without end": (fakes.endless(), Fault.TOO_LARGE),
    "a gzip bomb": (says(BOMB, Content_Encoding="gzip"), Fault.TOO_LARGE),
    "damaged gzip": (says(gzip.compress(EMPTY)[:-20], Content_Encoding="gzip"), Fault.UNREADABLE),
    "an encoding that was not asked for": (says(EMPTY, Content_Encoding="br"), Fault.UNREADABLE),
    "a redirect in circles": (fakes.redirects("{}"), Fault.REDIRECT),
    "a redirect to another scheme": (fakes.redirects("ftp://127.0.0.1/simple/demo/"), Fault.REDIRECT),
    "a redirect with credentials in it": (fakes.redirects("http://a:b@127.0.0.1/"), Fault.REDIRECT),
    "401": (fakes.status(401), Fault.REFUSED),
    "403": (fakes.status(403), Fault.REFUSED),
    "429": (fakes.status(429, Retry_After="120"), Fault.BUSY),
    "500": (fakes.status(500), Fault.BROKEN),
    "502": (fakes.status(502), Fault.BROKEN),
    "503": (fakes.status(503), Fault.BUSY),
    "a page that is only said to be unchanged": (fakes.status(304, b""), Fault.BROKEN),
    "206": (fakes.status(206), Fault.BROKEN),
    "300 without an address": (fakes.status(300), Fault.BROKEN),
}


@pytest.mark.parametrize(("behaviour", "fault"), CASES.values(), ids=CASES)
def test_a_fault_is_told_and_never_an_absence(fake, behaviour, fault):
    fake.behave = behaviour
    with pytest.raises(SourceFailed) as raised:
        ask(fake, page_bytes=2 * 1024**2)
    assert raised.value.fault is fault
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(fakes.drips(EMPTY), id="the body drips"),
        pytest.param(fakes.drips(EMPTY, headers_too=True), id="the headers drip"),
        pytest.param(fakes.drips_headers(404), id="whole headers drip after a status that says there is nothing"),
        pytest.param(fakes.waits(3), id="nothing comes"),
    ],
)
def test_slowness_is_cut_off_in_time(fake, behaviour):
    fake.behave = behaviour
    began = time.monotonic()
    with pytest.raises(SourceFailed, match="too long") as raised:
        ask(fake, within=0.4)
    assert raised.value.fault is Fault.SLOW
    assert time.monotonic() - began < 1.5


def test_retry_after_is_heeded_within_bounds(fake):
    for said, wait in (("120", 120), ("99999999", 300), ("99999999999999999", 0), ("soon", 0), ("-5", 0)):
        fake.behave = fakes.status(429, Retry_After=said)
        with pytest.raises(SourceFailed) as raised:
            ask(fake)
        assert raised.value.wait == wait


def test_nobody_listening_is_unreachable(fake):
    fake.stop()
    with pytest.raises(SourceFailed, match="cannot be reached") as raised:
        ask(fake)
    assert raised.value.fault is Fault.UNREACHABLE
    fake.again()


def test_no_tls_where_tls_is_spoken_is_told(fake):
    with pytest.raises(SourceFailed) as raised:
        ask(fake, url=fake.url.replace("http:", "https:"))
    assert raised.value.fault is Fault.TLS


def test_a_certificate_nobody_signed_is_refused_and_trusted_with_its_authority(fake, tmp_path, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    fake.server.socket = context.wrap_socket(fake.server.socket, server_side=True)
    fake.behave = says(EMPTY)
    url = fake.url.replace("http:", "https:")
    with pytest.raises(SourceFailed, match="PYPI_UPSTREAM_CA") as raised:
        ask(fake, url=url)
    assert raised.value.fault is Fault.TLS
    assert isinstance(ask(fake, url=url, ca_file=certificate), Fetched)


# --- Where redirects lead ---


@pytest.fixture
def other():
    """A second server, known by another name."""
    started = fakes.FakeUpstream()
    yield started
    started.stop()


def test_a_redirect_to_a_private_address_is_not_followed(fake, other):
    other.behave = says(EMPTY)
    fake.behave = fakes.redirects(f"http://localhost:{other.port}/simple/demo/")
    with pytest.raises(SourceFailed, match="PYPI_UPSTREAM_HOSTS") as raised:
        ask(fake)
    assert raised.value.fault is Fault.REDIRECT
    assert other.asked == []
    assert isinstance(ask(fake, hosts=("LOCALHOST",)), Fetched)


@pytest.mark.parametrize("host", ["0.0.0.0", "[::1]", "2130706433", "169.254.169.254"])
def test_other_spellings_of_private_addresses_do_not_help(fake, other, host):
    fake.behave = fakes.redirects(f"http://{host}:{other.port}/simple/demo/")
    with pytest.raises(SourceFailed):
        ask(fake, within=0.5)
    assert other.asked == []


def test_credentials_go_to_the_index_they_are_for_and_to_nobody_else(fake, other):
    other.behave = says(EMPTY)
    fake.behave = fakes.redirects(f"http://localhost:{other.port}/simple/demo/")
    url = fake.url.replace("127", "ana:s%2Ccret%40@127", 1)
    source = SimpleIndex(url, Upstream(urls=(url,), hosts=("localhost",)))
    assert source.name == fake.url
    assert isinstance(source.page("demo", None, time.monotonic() + 3), Fetched)
    assert fake.headers[0]["Authorization"] == "Basic YW5hOnMsY3JldEA="
    assert "Authorization" not in other.headers[0]


def test_credentials_may_stand_in_settings_of_their_own(fake):
    fake.behave = says(EMPTY)
    ask(fake, username="ana", password="s,cret@")
    assert fake.headers[0]["Authorization"] == "Basic YW5hOnMsY3JldEA="


def test_a_redirect_on_the_index_itself_is_followed_with_its_credentials(fake):
    fake.behaviours[PATH] = fakes.redirects("/elsewhere/demo/")
    fake.behaviours["/elsewhere/demo/"] = says(EMPTY)
    assert isinstance(ask(fake, username="ana", password="x"), Fetched)
    assert all("Authorization" in headers for headers in fake.headers)


# --- Rest ---


def test_an_index_that_cannot_be_reached_is_left_alone_for_a_while(fake, monkeypatch):
    fake.behave = fakes.status(503)
    source = index(fake)
    for _ in range(3):
        with pytest.raises(SourceFailed):
            source.page("demo", None, time.monotonic() + 3)
    assert len(fake.asked) == 1
    monkeypatch.setattr(rest.time, "monotonic", lambda at=time.monotonic: at() + rest.REST_SECONDS + 1)
    fake.behave = says(EMPTY)
    assert isinstance(source.page("demo", None, time.monotonic() + 60), Fetched)


def test_one_project_that_fails_does_not_keep_the_others(fake):
    fake.behaviours[PATH] = fakes.status(500)
    fake.add("good", "good-1.0.tar.gz", b"bytes")
    source = index(fake)
    for _ in range(4):
        with pytest.raises(SourceFailed):
            source.page("demo", None, time.monotonic() + 3)
    assert isinstance(source.page("good", None, time.monotonic() + 3), Fetched)


def test_a_host_that_one_page_leads_to_does_not_keep_the_other_projects(fake):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    fake.behaviours[PATH] = fakes.redirects(nobody)
    fake.add("good", "good-1.0.tar.gz", b"bytes")
    source = index(fake)
    for _ in range(2):
        with pytest.raises(SourceFailed) as raised:
            source.page("demo", None, time.monotonic() + 3)
        assert raised.value.fault is Fault.UNREACHABLE
    assert isinstance(source.page("good", None, time.monotonic() + 3), Fetched)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"filename": "../demo-1.0.tar.gz"}, id="an unsafe name"),
        pytest.param({"filename": "other-1.0.tar.gz"}, id="another project's name"),
        pytest.param({"url": "ftp://upstream.example/demo-1.0.tar.gz"}, id="another scheme"),
        pytest.param({"hashes": {"sha256": "zz"}}, id="a digest that is none"),
    ],
)
def test_a_page_of_which_no_file_can_be_taken_over_is_no_empty_page(fake, entry):
    fake.add("demo", **{"filename": "demo-1.0.tar.gz", "data": b"bytes", **entry})
    source = index(fake)
    with pytest.raises(SourceFailed, match=r"none of the files that it lists can be shown") as raised:
        source.page("demo", None, time.monotonic() + 3)
    assert raised.value.fault is Fault.UNREADABLE
    fake.add("demo", "demo-1.1.tar.gz", b"bytes")
    found = source.page("demo", None, time.monotonic() + 3)
    assert (len(found.page.files), len(found.page.hidden)) == (1, 1)


def test_the_list_of_projects_is_read(fake):
    fake.add("demo", "demo-1.0.tar.gz", b"bytes")
    fake.add("other", "other-1.0.tar.gz", b"bytes")
    assert sorted(index(fake).names(time.monotonic() + 3)) == ["demo", "other"]


def test_a_listening_socket_that_never_answers_is_slow():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/simple/"
        with pytest.raises(SourceFailed) as raised:
            SimpleIndex(url, Upstream(urls=(url,))).page("demo", None, time.monotonic() + 0.3)
    assert raised.value.fault is Fault.SLOW
