"""A client of upload sessions, as tests drive it through Django's test client."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import requests
from django.test import Client

from packages_app.catalogue import read
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.uploads.sessions import create, entries
from packages_app.uploads.sessions import read as sessions
from packages_app.uploads.sessions import write as session_write
from tests.factories import sha256
from tests.functional.conftest import basic

V2 = "application/vnd.pypi.upload.v2+json"
META = {"api-version": "2.0"}
POST, PUT, PARTS = "http-post-bytes", "vnd-elasticpypi-put-presigned", "vnd-elasticpypi-multipart-presigned"


def path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path


@dataclass
class Uploader:
    """A client of the upload API."""

    client: Client

    def send(self, url: str, document: object = None, *, method: str = "post", headers: dict | None = None):
        body = b"" if document is None else json.dumps(document).encode()
        return self.client.generic(
            method.upper(), path(url), body, content_type=V2, headers=basic() if headers is None else headers
        )

    def create(self, name: str = "demo", version: str = "1.0", **how):
        return self.send("/upload/", {"meta": META, "name": name, "version": version}, **how)

    def begin(self, session: dict, filename: str, data: bytes, mechanism: str = POST, *, changes: dict | None = None):
        document = {
            "meta": META,
            "filename": filename,
            "size": len(data),
            "hashes": {"sha256": sha256(data)},
            "mechanism": mechanism,
            **(changes or {}),
        }
        return self.send(session["links"]["upload"], document)

    def deliver(self, file: dict, data: bytes, headers: dict | None = None):
        """Send the bytes in the way the file's mechanism asks for."""
        mechanism = file["mechanism"]
        if mechanism["identifier"] == POST:
            return self.client.post(
                path(mechanism["file_url"]),
                data,
                content_type="application/octet-stream",
                headers=basic() if headers is None else headers,
            )
        if mechanism["identifier"] == PARTS:
            return self.deliver_parts(mechanism, data)
        if "amazonaws" in mechanism["file_url"]:
            return requests.put(mechanism["file_url"], data=data, headers=mechanism["headers"], timeout=10)
        return self.client.put(path(mechanism["file_url"]), data, content_type="application/octet-stream")

    def deliver_parts(self, mechanism: dict, data: bytes):
        """Send the bytes in parts, and return the last part's answer."""
        size = mechanism["part-size"]
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        asked = [{"number": number, "sha256": sha256(piece)} for number, piece in enumerate(pieces, 1)]
        links = self.send(mechanism["parts_url"], {"meta": META, "parts": asked}).json()["parts"]
        for link, piece in zip(links, pieces, strict=True):
            if "amazonaws" in link["url"]:
                answer = requests.put(link["url"], data=piece, headers=link["headers"], timeout=10)
            else:
                answer = self.client.put(path(link["url"]), piece, content_type="application/octet-stream")
        return answer

    def add(self, session: dict, made: tuple[str, bytes], mechanism: str = POST) -> dict:
        """Begin, send and complete one file."""
        filename, data = made
        begun = self.begin(session, filename, data, mechanism)
        assert begun.status_code == 202, begun.content
        assert self.deliver(begun.json(), data).status_code in (200, 204)
        done = self.send(begun.json()["links"]["complete"])
        assert done.status_code == 201, done.content
        return done.json()

    def publish(self, session: dict):
        return self.send(session["links"]["publish"])


def listed(project: str = "demo") -> dict[str, str]:
    return {file.filename: file.sha256 for file in read.files(project)}


def staged() -> list[str]:
    return [blob.key for blob in store.walk(keys.STAGING)]


def refusal(answer, status: int, code: str) -> dict:
    """Return the problem document of a refusal, after a look at what every one must have."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    document = answer.json()
    assert (document["status"], document["error"], document["meta"]) == (status, code, META)
    assert all(set(error) == {"source", "message"} for error in document["errors"])
    assert document["errors"]
    return document


def session_id(session: dict) -> str:
    return path(session["links"]["session"]).split("/")[2]


def expire(session: dict, monkeypatch) -> None:
    """Let a session's time be over, while its items are still there."""

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz or UTC) + entries.LIFE + timedelta(hours=1)

    monkeypatch.setattr(sessions, "datetime", Later)
    monkeypatch.setattr(session_write, "datetime", Later)
    monkeypatch.setattr(create, "datetime", Later)
