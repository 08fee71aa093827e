"""Another index on loopback: a small simple index that counts what it is asked, and misbehaves where a test says so."""

import hashlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

JSON = "application/vnd.pypi.simple.v1+json"
Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers one request; an HTTP/1.1 connection is kept open, as an index does."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        """Answer as the test wants, or as a simple index."""
        fake = self.server.fake
        path = unquote(urlsplit(self.path).path)
        with fake.mutex:
            fake.asked.append(path)
            fake.headers.append(dict(self.headers))
        try:
            fake.behaviours.get(path, fake.behave or Handler.well)(self)
        except OSError:  # the other side has had enough
            self.close_connection = True

    def well(self) -> None:
        """Answer as a simple index does."""
        fake = self.server.fake
        path = unquote(urlsplit(self.path).path)
        if path == "/simple/":
            self.send(200, json.dumps(fake.root()).encode(), **{"Content-Type": JSON})
        elif path.startswith("/simple/") and (name := path.split("/")[2]) in fake.projects:
            self.page(json.dumps(fake.page(name)).encode(), JSON)
        elif path in fake.bytes:
            self.file(fake.bytes[path])
        else:
            self.send(404, b"no such thing\n", **{"Content-Type": "text/plain"})

    def page(self, body: bytes, content_type: str) -> None:
        """Send a page, or say that it did not change."""
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.send(304, b"", ETag=etag)
        else:
            self.send(200, body, **{"Content-Type": content_type, "ETag": etag})

    def file(self, data: bytes) -> None:
        """Send a file, or the part that is asked for."""
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        if not wanted:
            self.send(200, data, **{"Content-Type": "application/octet-stream"})
            return
        first, _, last = wanted.partition("-")
        part = data[int(first) : int(last or len(data)) + 1] if first else data[-int(last) :]
        self.send(206, part, **{"Content-Range": f"bytes {first}-{last}/{len(data)}"})

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The listening socket; a broken connection is what tests are about, and no news."""

    daemon_threads = True
    request_queue_size = 64
    fake: "FakeUpstream"

    def handle_error(self, *args: object) -> None:
        """Say nothing."""


class FakeUpstream:
    """What the other index has, what it was asked, and how it misbehaves."""

    def __init__(self) -> None:
        self.projects: dict[str, list[dict]] = {}
        self.more: dict[str, dict] = {}
        """Further keys of a project's page."""
        self.bytes: dict[str, bytes] = {}
        self.behaviours: dict[str, Behaviour] = {}
        """By path; they go before how everything is answered."""
        self.behave: Behaviour | None = None
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.mutex = threading.Lock()
        self.port = 0
        self.start()

    # --- What it has ---

    def add(self, project: str, filename: str, data: bytes, *, core: bytes = b"", **fields: object) -> dict:
        """Let it list and serve a file; ``fields`` replace what its entry says."""
        digest = hashlib.sha256(data).hexdigest()
        path = f"/files/{digest}/{filename}"
        self.bytes[path] = data
        entry = {
            "filename": filename,
            "url": f"../..{path}",
            "hashes": {"sha256": digest},
            "size": len(data),
            "upload-time": "2026-01-02T03:04:05.000006Z",
            "yanked": False,
            "core-metadata": False,
        }
        if core:
            self.bytes[path + ".metadata"] = core
            entry["core-metadata"] = {"sha256": hashlib.sha256(core).hexdigest()}
        entry |= {name.replace("_", "-"): value for name, value in fields.items()}
        self.projects.setdefault(project, []).append(entry)
        return entry

    def page(self, name: str) -> dict:
        """Return a project's page."""
        return {
            "meta": {"api-version": "1.4"},
            "name": name,
            "versions": sorted({version_of(entry["filename"]) for entry in self.projects[name]}),
            "files": self.projects[name],
            **self.more.get(name, {}),
        }

    def root(self) -> dict:
        """Return the list of projects."""
        return {"meta": {"api-version": "1.4"}, "projects": [{"name": name} for name in self.projects]}

    # --- What it was asked ---

    def pages_asked(self, name: str = "") -> int:
        """Return how often pages, or one project's page, were asked for."""
        return sum(path.startswith("/simple/") and name in ("", path.split("/")[2]) for path in self.asked)

    def files_asked(self) -> int:
        """Return how often files were asked for."""
        return sum(path.startswith("/files/") for path in self.asked)

    # --- Whether it is there ---

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/simple/"

    def start(self) -> None:
        """Listen; at the same port again after a stop."""
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.fake = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on; those that are open answer nothing more."""
        self.behave = hang_up
        self.behaviours.clear()
        self.server.shutdown()
        self.server.server_close()

    def again(self) -> None:
        """Be there again."""
        self.behave = None
        self.start()


def version_of(filename: str) -> str:
    """Return the version that a file name says."""
    return filename.removesuffix(".tar.gz").split("-")[1]


def hang_up(handler: Handler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


def status(code: int, body: bytes = b"an error\n", **headers: str) -> Behaviour:
    """Answer every question with a status."""
    return lambda handler: handler.send(code, body, **{"Content-Type": "text/html", **headers})


def says(body: bytes, content_type: str = JSON, **headers: str) -> Behaviour:
    """Answer every question with a body."""
    return lambda handler: handler.send(200, body, **{"Content-Type": content_type, **headers})


def drips_headers(status: int) -> Behaviour:
    """Say a status, and then one header after the other, slowly and without an end."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(f"HTTP/1.1 {status} Said\r\n".encode())
        for number in range(90):
            handler.wfile.write(f"X-{number}: more\r\n".encode())
            time.sleep(0.05)

    return answer


def redirects(target: str) -> Behaviour:
    """Send everybody on; ``{}`` in the target is the path."""
    return lambda handler: handler.send(302, b"", Location=target.replace("{}", handler.path))


def half(body: bytes, content_type: str = JSON) -> Behaviour:
    """Announce a body, and break off in its middle."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    return answer


def unmeasured(body: bytes, content_type: str) -> Behaviour:
    """Send a body without its length, as HTTP/1.0 did, and close."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return answer


def endless(content_type: str = JSON) -> Behaviour:
    """Send chunk after chunk for as long as anybody takes them."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        block = b" " * 65536
        while True:
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))

    return answer


def drips(body: bytes, every: float = 0.05, *, headers_too: bool = False) -> Behaviour:
    """Send one byte now and then, so that no wait is long and the sum is."""

    def answer(handler: Handler) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if not headers_too:
            handler.wfile.write(head)
        for byte in (head if headers_too else b"") + body:
            handler.wfile.write(bytes([byte]))
            time.sleep(every)

    return answer


def waits(seconds: float, then: Behaviour = Handler.well) -> Behaviour:
    """Answer late."""

    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        then(handler)

    return answer
