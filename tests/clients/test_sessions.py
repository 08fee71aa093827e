"""Upload sessions against a real server: pip installs from the preview, and large files go through flat memory."""

import http.client
import json
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from tests.clients.machines import installed
from tests.clients.test_large import MOST_GROWTH, large_wheel, peak_memory
from tests.clients.uploads import publish
from tests.factories import make_wheel, sha256

META = {"api-version": "2.0"}
V2 = "application/vnd.pypi.upload.v2+json"
POST, PUT, PARTS = "http-post-bytes", "vnd-elasticpypi-put-presigned", "vnd-elasticpypi-multipart-presigned"


def ask(server, method: str, url: str, document: object = None) -> dict:
    """Send a document, and return the one that answers it."""
    body = b"" if document is None else json.dumps(document).encode()
    return send(server, method, url, body, **{"Authorization": server.basic(), "Content-Type": V2})


def send(server, method: str, url: str, body, **headers: str) -> dict:
    """Send a body, and return the document that answers it; none is an empty one."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request(method, parts.path, body, headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status < 300, (method, url, answer.status, said)
    return json.loads(said) if said else {}


def begin(server, name: str) -> dict:
    return ask(server, "POST", "/upload/", {"meta": META, "name": name, "version": "1.0"})


def add(server, session: dict, path: Path, digest: str, mechanism: str) -> None:
    """Send one file from disk, and complete it."""
    announced = {"filename": path.name, "size": path.stat().st_size, "hashes": {"sha256": digest}}
    file = ask(server, "POST", session["links"]["upload"], {"meta": META, "mechanism": mechanism, **announced})
    headers = {"Content-Length": str(announced["size"])}
    if mechanism == POST:
        headers["Authorization"] = server.basic()
    with path.open("rb") as body:
        if mechanism == PARTS:
            add_parts(server, file["mechanism"], body)
        else:
            send(server, "POST" if mechanism == POST else "PUT", file["mechanism"]["file_url"], body, **headers)
    assert ask(server, "POST", file["links"]["complete"])["status"] == "completed"


def add_parts(server, mechanism: dict, body: BinaryIO) -> None:
    """Send a file part by part."""
    for number in range(1, mechanism["parts"] + 1):
        piece = body.read(mechanism["part-size"])
        asked = {"meta": META, "parts": [{"number": number, "sha256": sha256(piece)}]}
        [link] = ask(server, "POST", mechanism["parts_url"], asked)["parts"]
        send(server, link["method"], link["url"], piece, **link["headers"])
    assert len(ask(server, "GET", mechanism["parts_url"])["received"]) == mechanism["parts"]


@pytest.mark.parametrize("client", ["pip", "uv"])
def test_a_release_is_installed_from_its_preview_before_it_is_published(client, server, machine, tmp_path):
    name = f"staged-{client}"
    filename, data = make_wheel(name, "1.0")
    path = tmp_path / filename
    path.write_bytes(data)
    session = begin(server, name)
    add(server, session, path, sha256(data), POST)
    command = {
        "pip": ["pip", "--python"],
        "uv": ["uv", "pip", "install", "--python"],
    }[client]
    python = machine.virtual_environment()
    tail = ["install"] if client == "pip" else []
    where = ["--index-url", server.index_url, "--extra-index-url", session["links"]["stage"]]
    machine.run(*command, python, *tail, *where, name)
    assert installed(python, name.replace("-", "_")) == "1.0"
    assert server.listed(name) == {}
    assert ask(server, "POST", session["links"]["publish"])["status"] == "published"
    assert server.listed(name) == {filename: sha256(data)}
    other = machine.virtual_environment("other")
    said = machine.fails(*command, other, *tail, "--index-url", session["links"]["stage"], name)
    assert name in said


@pytest.mark.parametrize("mechanism", [POST, PUT, PARTS])
def test_a_large_wheel_goes_through_a_session_with_flat_memory(mechanism, start, tmp_path):
    server = start(kind="serve")
    publish(server, make_wheel("small", "1.0"))  # so that everything is imported before the first look
    before = peak_memory(server.process.pid)
    wheel, digest = large_wheel(tmp_path)
    session = begin(server, "large")
    add(server, session, wheel, digest, mechanism)
    assert ask(server, "POST", session["links"]["publish"])["status"] == "published"
    assert server.listed("large") == {wheel.name: digest}
    assert peak_memory(server.process.pid) - before < MOST_GROWTH
