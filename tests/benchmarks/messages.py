"""The bytes of requests: pages, files, and uploads as clients send them."""

import hashlib
import http.client
from dataclasses import dataclass

from tests.benchmarks.plan import release
from tests.factories import make_wheel

AGENT = "pip/26.3 elastic-pypi-benchmark"
PATIENCE = 120.0
BOUNDARY = "elastic-pypi-benchmark-boundary"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A whole answer to one request."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def request(method: str, path: str, headers: dict[str, str], *, port: int) -> bytes:
    """Return a request without a body, as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"User-Agent: {AGENT}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def fetch(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
    """Send one request with the standard library's client, which the load is checked against."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body or None, {"User-Agent": AGENT, **headers})
        answer = connection.getresponse()
        return Reply(status=answer.status, headers=answer.headers, body=answer.read())
    finally:
        connection.close()


def form(name: str, version: str, filename: str, sha256: str) -> tuple[bytes, bytes]:
    """Return what comes before and after the file in an upload's body."""
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.1",
        "name": name,
        "version": version,
        "filetype": "bdist_wheel",
        "pyversion": filename.split("-")[2],
        "sha256_digest": sha256,
    }
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="{filename}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return "".join(parts).encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def upload_head(path: str, headers: dict[str, str], length: int, *, port: int) -> bytes:
    """Return the head of an upload with a body of ``length`` bytes."""
    more = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(length)}
    return request("POST", path, headers | more, port=port)


def upload(path: str, headers: dict[str, str], name: str, number: int, *, port: int, content: bytes = b"") -> bytes:
    """Return the upload of one of a project's small wheels, head and body."""
    version, tag = release(number)
    filename, data = make_wheel(name, version, tag=tag, content=content)
    before, after = form(name, version, filename, hashlib.sha256(data).hexdigest())
    body = before + data + after
    return upload_head(path, headers, len(body), port=port) + body
