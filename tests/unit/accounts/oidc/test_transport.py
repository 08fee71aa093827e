import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from packages_app.accounts.oidc import transport
from packages_app.accounts.oidc.errors import ProviderFailed
from packages_app.accounts.oidc.transport import LONGEST, ask, check_address, published


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://id.example/realm", True),
        ("http://127.0.0.1:8000/x", True),
        ("http://[::1]/x", True),
        ("http://localhost/x", True),
        ("http://id.example/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("http://localhost.evil.example/x", False),
        ("http://10.0.0.1/x", False),
        ("ftp://127.0.0.1/x", False),
        ("//id.example/x", False),
        ("https:///x", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_only_https_and_this_machine_are_asked(url, fine):
    if fine:
        check_address(url)
    else:
        with pytest.raises(ProviderFailed):
            check_address(url)


@pytest.fixture
def answers():
    """Have one request to a place on loopback answered by this, and return the address."""
    started: list[tuple[HTTPServer, threading.Thread]] = []

    def serve(status: int, body: bytes, **headers: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/x"

    yield serve
    for server, thread in started:
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        pytest.param(500, b"{}", {}, id="an error"),
        pytest.param(302, b"{}", {"Location": "http://127.0.0.1:9/"}, id="a way to somewhere else"),
        pytest.param(200, b"[]", {}, id="no object"),
        pytest.param(200, b"<html>", {}, id="no JSON"),
        pytest.param(200, b'{"x":' * 50_000, {}, id="objects in objects without end"),
        pytest.param(200, b'{"x": "' + b" " * LONGEST + b'"}', {}, id="too much"),
        pytest.param(200, b"{}", {"Content-Encoding": "gzip"}, id="what is not packed as it says"),
    ],
)
def test_what_is_no_document_is_one_failure_of_the_provider(answers, status, body, headers):
    with pytest.raises(ProviderFailed):
        ask(answers(status, body, **headers))


def test_a_document_is_handed_on(answers):
    assert ask(answers(200, b'{"x": 1}')) == {"x": 1}


def test_a_service_that_hangs_keeps_no_more_than_a_few_callers(monkeypatch):
    monkeypatch.setattr(transport, "PATIENCE", 0.05)
    released, callers = threading.Event(), threading.Barrier(transport.AT_ONCE + 1)

    def hanging(url):
        callers.wait(10)
        released.wait(10)
        return {"at": url}

    monkeypatch.setattr(transport, "ask", hanging)
    with ThreadPoolExecutor() as pool:
        held = [pool.submit(published, f"https://id.example/{number}") for number in range(transport.AT_ONCE)]
        callers.wait(10)
        with pytest.raises(ProviderFailed):
            published("https://id.example/one-more")
        released.set()
        assert [each.result(10)["at"][-1] for each in held] == ["0", "1"]
    monkeypatch.setattr(transport, "ask", lambda url: {"at": url})
    assert published("https://id.example/") == {"at": "https://id.example/"}
