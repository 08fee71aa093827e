"""Measures the list of all projects with another index's names: ``python -m tests.benchmarks.many_names 700000``.

It serves a list of so many made-up names as another index would, puts this index before it (``PYPI_UPSTREAM_LIST=1``,
one process), and prints for each reading how long it took and the most memory that a process of the index had by then.
"""

import gzip
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.benchmarks.processes import memory
from tests.clients.servers import JSON, Server

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    """Serve, read, and tell."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 700_000
    page = packed(count)
    with other_index(page) as url, tempfile.TemporaryDirectory(prefix="names-") as folder:
        index = Server(
            Path(folder) / "data", "--workers", "1", kind="serve", PYPI_UPSTREAM_URL=url, PYPI_UPSTREAM_LIST="1"
        )
        try:
            print(
                f"{count:,} names, {len(page) / 1024**2:.1f} MB packed; before: {memory(index.process.pid).peak:.0f} MB"
            )
            for what, accept in (("first", JSON), ("again", JSON), ("again", JSON), ("HTML", "text/html")):
                began = time.perf_counter()
                status, body = index.get("/simple/", Accept=accept)
                took, peak = time.perf_counter() - began, memory(index.process.pid).peak
                print(f"{what}: {status}, {len(body) / 1024**2:.0f} MB in {took:.1f} s; peak {peak:.0f} MB")
                assert body.count(b"\n") > count or len(json.loads(body)["projects"]) == count
        finally:
            index.close()


def packed(count: int) -> bytes:
    """Return a list of so many names as another index sends it."""
    made = random.Random(1)
    names: set[str] = set()
    while len(names) < count:
        names.add("".join(made.choices(LETTERS, k=made.randint(5, 22))))
    projects = [{"_last-serial": number, "name": name} for number, name in enumerate(sorted(names))]
    return gzip.compress(json.dumps({"meta": {"api-version": "1.4"}, "projects": projects}).encode(), 1)


@contextmanager
def other_index(page: bytes) -> Iterator[str]:
    """Serve the list on loopback, and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in (("Content-Type", JSON), ("Content-Encoding", "gzip"), ("Content-Length", len(page))):
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    main()
