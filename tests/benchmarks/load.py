"""A small keep-alive HTTP client that loads a server from a process of its own, and checks every answer."""

import itertools
import selectors
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds that any one answer may take."""
CHUNK = 256 * 1024


class WrongAnswer(Exception):
    """An answer that is not the one expected: the benchmark must not go on."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What every answer of a job must be."""

    status: int = 200
    length: int | None = None
    """Bytes of the body (of a HEAD: what its Content-Length says); None where answers differ."""
    marker: bytes = b""
    """Bytes that are somewhere in the body; of a 304 or a HEAD, in the head."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """Requests to send over a number of connections, each with one request on its way at a time."""

    port: int
    requests: tuple[bytes, ...]
    expected: Expected
    connections: int = 4
    seconds: float = 1.0
    repeat: bool = True
    """Whether the requests are sent over and over until the time is up, or once each."""

    def lasting(self, seconds: float) -> "Job":
        """Return the same job for another time."""
        return replace(self, seconds=seconds)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a job came to."""

    count: int
    elapsed: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.count / self.elapsed


@dataclass
class Wire:
    """One connection and the answer that is arriving on it."""

    job: Job
    sock: socket.socket = field(init=False)
    started: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    is_head: bool = False

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        """Open the connection."""
        self.sock = socket.create_connection((HOST, self.job.port), timeout=PATIENCE)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        """Send a request."""
        self.received = bytearray()
        self.is_head = request.startswith(b"HEAD ")
        self.started = time.perf_counter()
        self.sock.sendall(request)

    def receive(self) -> bool:
        """Take what has arrived; return whether the answer is complete and right."""
        data = self.sock.recv(CHUNK)
        if not data:
            raise WrongAnswer(f"the server closed the connection; it had sent {bytes(self.received[:300])!r}")
        self.received += data
        answer = complete(self.received, is_head=self.is_head)
        if answer is None:
            return False
        check(answer, self.job.expected)
        return True

    def reopen_if_closed(self, selector: selectors.BaseSelector) -> None:
        """Connect again where the server said that it closes."""
        if b"\r\nconnection: close" in self.received[: self.received.find(b"\r\n\r\n") + 2].lower():
            selector.unregister(self.sock)
            self.sock.close()
            self.connect()
            selector.register(self.sock, selectors.EVENT_READ, self)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    head: bytes
    body: bytes | bytearray
    length: int


def complete(received: bytearray, *, is_head: bool) -> Answer | None:
    """Return the answer if all of it is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[: end + 2]).lower()
    status = int(head[9:12])
    if is_head or status in (204, 304):
        return Answer(status, head, b"", header_length(head) or 0)
    if b"\r\ntransfer-encoding: chunked" in head:
        body = unchunked(received, end + 4)
        return None if body is None else Answer(status, head, body, len(body))
    length = header_length(head)
    if length is None:
        raise WrongAnswer(f"an answer of unknown length: {head!r}")
    if len(received) < end + 4 + length:
        return None
    return Answer(status, head, received[end + 4 :], length)


def header_length(head: bytes) -> int | None:
    """Return what Content-Length says."""
    _, found, rest = head.partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if found else None


def unchunked(received: bytearray, at: int) -> bytes | None:
    """Return the chunks from ``at`` on as one body, once the last one is there."""
    if not received.endswith(b"0\r\n\r\n"):
        return None
    parts: list[bytes] = []
    while True:
        line = received.find(b"\r\n", at)
        if line < 0:
            return None
        size = int(received[at:line].partition(b";")[0], 16)
        if size == 0:
            return b"".join(parts)
        if len(received) < line + size + 4:
            return None
        parts.append(bytes(received[line + 2 : line + 2 + size]))
        at = line + size + 4


def check(answer: Answer, expected: Expected) -> None:
    """Compare an answer with what it must be."""
    place = answer.body or answer.head
    marker = expected.marker if answer.body else expected.marker.lower()
    if answer.status != expected.status:
        raise WrongAnswer(f"status {answer.status} instead of {expected.status}: {bytes(place[:500])!r}")
    if expected.length is not None and answer.length != expected.length:
        raise WrongAnswer(f"{answer.length} bytes instead of {expected.length}: {answer.head!r}")
    if marker not in place:
        raise WrongAnswer(f"{marker!r} is not in {bytes(place[:500])!r}")


def run(job: Job) -> Result:
    """Do a job; ends with the answers of what was sent when its time was up."""
    requests: Iterator[bytes] = itertools.cycle(job.requests) if job.repeat else iter(job.requests)
    latencies: list[float] = []
    wires = [Wire(job) for _ in range(job.connections)]
    with selectors.DefaultSelector() as selector:
        try:
            for wire in wires:
                selector.register(wire.sock, selectors.EVENT_READ, wire)
            began = time.perf_counter()
            busy = sum(begin(wire, requests) for wire in wires)
            while busy:
                ready = selector.select(PATIENCE)
                if not ready:
                    raise WrongAnswer(f"no answer within {PATIENCE:g} seconds")
                for key, _ in ready:
                    wire = key.data
                    if not wire.receive():
                        continue
                    now = time.perf_counter()
                    latencies.append(now - wire.started)
                    wire.reopen_if_closed(selector)
                    if now - began >= job.seconds or not begin(wire, requests):
                        busy -= 1
            elapsed = time.perf_counter() - began
        finally:
            for wire in wires:
                wire.sock.close()
    return result(latencies, elapsed)


def begin(wire: Wire, requests: Iterator[bytes]) -> bool:
    """Send the next request, if there is one."""
    request = next(requests, None)
    if request is not None:
        wire.send(request)
    return request is not None


def result(latencies: list[float], elapsed: float) -> Result:
    """Return the count, the time, and the latencies' percentiles."""
    ordered = sorted(latencies)
    return Result(
        count=len(ordered),
        elapsed=elapsed,
        p50=statistics.median(ordered),
        p99=ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
    )


def send_file(port: int, head: bytes, path: str, tail: bytes) -> float:
    """Send one request whose body comes from a file, and return the seconds until its answer."""
    with socket.create_connection((HOST, port), timeout=10 * PATIENCE) as sock, open(path, "rb") as body:  # noqa: PTH123 - one call opens both
        began = time.perf_counter()
        sock.sendall(head)
        sock.sendfile(body)
        sock.sendall(tail)
        received = bytearray()
        while (answer := complete(received, is_head=False)) is None:
            data = sock.recv(CHUNK)
            if not data:
                raise WrongAnswer(f"the server closed the connection; it had sent {bytes(received[:300])!r}")
            received += data
    check(answer, Expected())
    return time.perf_counter() - began
