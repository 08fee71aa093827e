"""Uploads on bare sockets, for what no client does: halves, sixteen at once, bytes that never were in memory."""

import base64
import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.servers import Server
from tests.factories import sha256

BOUNDARY = "a-boundary-of-the-tests"
MIB = 1024**2


def framing(filename: str, digest: str) -> tuple[bytes, bytes]:
    """Return what a form puts before and after the file."""
    project, version = filename.removesuffix(".tar.gz").split("-")[:2]
    fields = {":action": "file_upload", "protocol_version": "1", "name": project, "version": version}
    fields["sha256_digest"] = digest
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="{filename}"\r\n\r\n'
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


class Upload:
    """One upload, sent piece by piece."""

    def __init__(self, server: Server, filename: str, *, size: int, digest: str) -> None:
        self.before, self.after = framing(filename, digest)
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.connection.putrequest("POST", "/legacy/")
        pair = base64.b64encode(f"{server.user}:{server.password}".encode()).decode()
        self.connection.putheader("Authorization", f"Basic {pair}")
        self.connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        self.connection.putheader("Content-Length", str(len(self.before) + size + len(self.after)))
        with self.closing_on_errors():
            self.connection.endheaders(self.before)

    def send(self, data: bytes) -> None:
        """Send some of the file."""
        with self.closing_on_errors():
            self.connection.send(data)

    def end(self) -> tuple[int, str]:
        """Send what follows the file, and return the answer's status and text."""
        with self.closing_on_errors():
            self.connection.send(self.after)
            answer = self.connection.getresponse()
            found = answer.status, answer.read().decode().strip()
        self.close()
        return found

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    @contextmanager
    def closing_on_errors(self) -> Iterator[None]:
        """Hang up when the server did."""
        try:
            yield
        except BaseException:
            self.close()
            raise


def upload(server: Server, filename: str, data: bytes) -> tuple[int, str]:
    """Upload a file, and return the answer's status and text."""
    started = Upload(server, filename, size=len(data), digest=sha256(data))
    started.send(data)
    return started.end()


def publish(server: Server, *files: tuple[str, bytes]) -> None:
    """Upload files that must all be taken."""
    for filename, data in files:
        answer = upload(server, filename, data)
        assert answer[0] == http.HTTPStatus.OK, answer


def upload_from_disk(server: Server, path: Path, digest: str) -> tuple[int, str]:
    """Upload a file of any size without ever holding it in memory."""
    started = Upload(server, path.name, size=path.stat().st_size, digest=digest)
    for piece in pieces(path):
        started.send(piece)
    return started.end()


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the file a megabyte at a time."""
    with path.open("rb") as file:
        while piece := file.read(MIB):
            yield piece
