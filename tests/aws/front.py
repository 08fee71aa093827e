"""A forward proxy on loopback: clients reach the local AWS by the names that Amazon's have, such as a custom domain."""

import http.client
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from tests.clients.machines import Machine

HOP = frozenset({"connection", "proxy-connection", "keep-alive", "transfer-encoding", "host", "content-length"})


class Front:
    """Hands every request on to the local AWS, whatever host it is for; ends with its context."""

    def __init__(self, port: int) -> None:
        class Handler(Forwarder):
            target = port

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Forwarder(BaseHTTPRequestHandler):
    """Answers as the local AWS does."""

    protocol_version = "HTTP/1.1"
    target: int

    def forward(self) -> None:
        """Send the request on with the host and scheme that the client named."""
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        headers |= {
            "Host": parts.netloc,
            "X-Forwarded-Proto": parts.scheme,
            "X-Forwarded-Port": str(parts.port or 80),
            "Content-Length": str(len(body)),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=120)
        try:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(self.command, path, body=body, headers=headers)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        self.send_header("Content-Length", length or str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"):
    setattr(Forwarder, f"do_{method}", Forwarder.forward)


@dataclass(frozen=True)
class Behind(Machine):
    """A person's machine that reaches everything through the proxy."""

    proxy: str

    def environment(self) -> dict[str, str]:
        """Return the variables of its shell."""
        return super().environment() | {"http_proxy": self.proxy, "HTTP_PROXY": self.proxy}
