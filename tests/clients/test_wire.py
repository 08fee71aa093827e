"""What both servers do with requests that no client sends: bytes on a bare socket."""

import http.client
import socket
import time

import pytest

from tests.clients.servers import Server

SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
ANONYMOUS_UPLOAD = (
    b"POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n"
)


@pytest.fixture(scope="module", params=["runserver", "serve"])
def wire(request, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("wire") / "data", kind=request.param)
    yield server
    server.close()


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def exchange(server: Server, sent: bytes, *, patience: float = 1.0) -> bytes:
    """Send bytes, and return all that comes back until the server closes or is silent for so many seconds."""
    with connected(server) as line:
        line.sendall(sent)
        line.settimeout(patience)
        got = b""
        try:
            while chunk := line.recv(65536):
                got += chunk
        except (TimeoutError, ConnectionResetError):
            pass
        return got


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param(b"Content-Length: +%d" % len(SMUGGLED), id="a length with a sign"),
        pytest.param(b"Content-Length: 0\r\nContent-Length: %d" % len(SMUGGLED), id="two lengths"),
        pytest.param(b"Content-Length: 0_40", id="a length with an underscore"),
        pytest.param(b"Content-Length: %d, %d" % (len(SMUGGLED), len(SMUGGLED)), id="a list of lengths"),
        pytest.param("Content-Length: ²".encode(), id="a length that is no ASCII digit"),
        pytest.param(b"Content-Length: " + b"9" * 5000, id="a length of 5,000 digits"),
        pytest.param(b"Content-Length: 0\r\nTransfer-Encoding: chunked", id="a length and chunks"),
    ],
)
def test_a_body_of_unclear_length_is_never_taken_for_the_next_request(wire, framing):
    got = exchange(wire, b"GET /simple/ HTTP/1.1\r\nHost: localhost\r\n" + framing + b"\r\n\r\n" + SMUGGLED)
    assert got.startswith(b"HTTP/1.1 4")
    assert got.count(b"HTTP/1.1 ") == 1
    assert b"ok\n" not in got


def test_a_refused_upload_is_not_taken_for_the_next_request(wire):
    body = SMUGGLED.ljust(1000, b" ")
    got = exchange(wire, ANONYMOUS_UPLOAD + body)
    assert got.startswith(b"HTTP/1.1 401")
    assert b"ok\n" not in got


@pytest.mark.parametrize(
    "kind", [b"a; x*=nope''%41", b"a; x*=idna''%41", b";;;=", b"multipart/form-data; boundary=\xff"]
)
def test_a_content_type_that_cannot_be_read_is_no_error_of_ours(wire, kind):
    got = exchange(wire, b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + kind + b"\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 404")
    assert b"X-Request-ID" in got


def test_many_who_promise_a_body_and_send_none_do_not_keep_the_others_out(wire):
    lines = [connected(wire) for _ in range(24)]
    try:
        for line in lines:
            line.sendall(ANONYMOUS_UPLOAD)
        time.sleep(0.5)
        # each holds a thread for the two seconds that a refused body may be silent, and there are 16 threads
        alone = SMUGGLED.replace(b"localhost", b"localhost\r\nConnection: close")
        assert b"ok\n" in exchange(wire, alone, patience=12.0)
    finally:
        for line in lines:
            line.close()


def test_a_large_upload_that_is_no_form_is_told_so(wire):
    connection = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=30)
    connection.request(
        "POST",
        "/legacy/",
        body=b"x" * 20_000_000,
        headers={"Authorization": wire.basic(), "Content-Type": "text/plain"},
    )
    answer = connection.getresponse()
    said = answer.status, b"malformed" in answer.read()
    connection.close()
    assert said == (400, True)


def test_a_path_prefix_that_a_client_claims_is_not_believed(wire):
    got = exchange(wire, b"GET / HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: //evil.example\r\n\r\n")
    assert not got.startswith(b"HTTP/1.1 5")
    assert b"evil.example" not in got
