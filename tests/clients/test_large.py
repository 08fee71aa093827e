"""Large files: memory stays flat, and what is over the limit is refused with a sentence that clients show."""

import base64
import hashlib
import http.client
import os
import zipfile
from pathlib import Path

import pytest

from tests.clients.projects import make_project
from tests.clients.publishers import PUBLISHERS
from tests.clients.uploads import MIB, publish, upload_from_disk
from tests.factories import make_wheel, metadata

LARGE_MB = int(os.environ.get("LARGE_UPLOAD_MB", "300"))
"""Megabytes of the large wheel; LARGE_UPLOAD_MB=1024 tests what the README promises."""
MOST_GROWTH = 150 * MIB


@pytest.mark.parametrize("kind", ["runserver", "serve"])
def test_a_large_wheel_uploads_and_downloads_with_flat_memory(kind, start, tmp_path):
    server = start(kind=kind)
    publish(server, make_wheel("small", "1.0"))  # so that everything is imported before the first look
    before = peak_memory(server.process.pid)
    wheel, digest = large_wheel(tmp_path)
    status, text = upload_from_disk(server, wheel, digest)
    assert status == http.HTTPStatus.OK, text
    [entry] = server.files("large")
    assert (entry["size"], entry["hashes"]["sha256"]) == (wheel.stat().st_size, digest)
    assert downloaded_hash(server, entry["url"]) == digest
    assert peak_memory(server.process.pid) - before < MOST_GROWTH


@pytest.mark.parametrize("client", ["twine", "uv"])
@pytest.mark.parametrize("megabytes", [3, 40], ids=["a little", "so much that its length alone says so"])
def test_a_file_over_the_limit_is_refused_and_the_client_shows_why(client, megabytes, machine, start):
    server = start(PYPI_MAX_UPLOAD_MB="1")
    project = make_project(machine.home / "project", "too-large", content=os.urandom(megabytes * MIB))
    code, said = PUBLISHERS[client](machine, server, project)
    assert code != 0, said
    assert "The file is larger than the 1 MB that this index takes." in said
    assert server.listed("too-large") == {}


def large_wheel(folder: Path, megabytes: int = LARGE_MB) -> tuple[Path, str]:
    """Write a large wheel, never holding it in memory, and return it with its digest."""
    path = folder / "large-1.0-py3-none-any.whl"
    piece, hashed = os.urandom(MIB), hashlib.sha256()
    core = metadata("large", "1.0")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        with archive.open("large/data.bin", "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(piece)
                hashed.update(piece)
        digest = base64.urlsafe_b64encode(hashed.digest()).rstrip(b"=").decode()
        archive.writestr("large-1.0.dist-info/METADATA", core)
        archive.writestr("large-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(
            "large-1.0.dist-info/RECORD",
            f"large/data.bin,sha256={digest},{megabytes * MIB}\nlarge-1.0.dist-info/METADATA,,\n"
            "large-1.0.dist-info/WHEEL,,\nlarge-1.0.dist-info/RECORD,,\n",
        )
    with path.open("rb") as file:
        return path, hashlib.file_digest(file, "sha256").hexdigest()


def downloaded_hash(server, url: str) -> str:
    """Return the digest of a download, a megabyte at a time."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", server.path(url), headers={"Authorization": server.basic()})
    answer = connection.getresponse()
    assert answer.status == http.HTTPStatus.OK
    hashed = hashlib.sha256()
    while piece := answer.read(MIB):
        hashed.update(piece)
    connection.close()
    return hashed.hexdigest()


def peak_memory(pid: int) -> int:
    """Return the most bytes that a process and its children ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(peak_memory(int(child)) for child in children)
