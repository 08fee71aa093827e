"""Upload 2.0 as a client goes through it: begin, send, complete, look, publish."""

import base64
import json

import pytest
import requests
from django.urls import set_script_prefix

from packages_app.catalogue import read
from packages_app.file_store import keys
from packages_app.file_store import read as store
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.conftest import basic
from tests.functional.uploader import META, PARTS, POST, PUT, V2, listed, path, refusal, staged


@pytest.mark.parametrize("mechanism", [POST, PUT, PARTS])
def test_a_release_becomes_visible_all_at_once(client, uploader, mechanism):
    created = uploader.create("Demo", "1.0")
    assert (created.status_code, created["Content-Type"]) == (201, V2)
    session = created.json()
    assert created["Location"] == session["links"]["session"]
    assert (session["status"], session["files"], session["meta"]) == ("open", {}, META)
    assert session["mechanisms"] == [POST, PUT, PARTS]
    assert session["expires-at"].endswith("Z")

    wheel, sdist = make_wheel(), make_sdist()
    done = uploader.add(session, wheel, mechanism)
    assert done["status"] == "completed"
    uploader.add(session, sdist, mechanism)
    status = uploader.send(session["links"]["session"], method="get").json()
    assert {name: file["status"] for name, file in status["files"].items()} == {
        wheel[0]: "completed",
        sdist[0]: "completed",
    }
    assert listed() == {}
    assert client.get("/simple/demo/", headers=basic()).status_code == 404

    published = uploader.publish(session)
    assert (published.status_code, published.json()["status"]) == (201, "published")
    assert listed() == {wheel[0]: sha256(wheel[1]), sdist[0]: sha256(sdist[1])}
    for filename, data in (wheel, sdist):
        blob = keys.blob(sha256(data), filename)
        assert b"".join(store.stream(blob, 0, len(data))) == data
    document = read.file("demo", wheel[0])
    assert document.uploader == "ana"
    assert store.stat(keys.metadata(document.sha256, wheel[0])).size == document.metadata_size
    assert staged() == []
    assert uploader.publish(session).status_code == 201  # again is fine


def test_a_file_is_announced_with_202_and_where_to_go_next(uploader, session):
    filename, data = make_wheel()
    begun = uploader.begin(session, filename, data)
    assert (begun.status_code, begun["Retry-After"], begun["Content-Type"]) == (202, "1", V2)
    file = begun.json()
    assert begun["Location"] == file["links"]["file-upload-session"]
    assert set(file["links"]) == {"file-upload-session", "complete", "extend"}
    assert (file["status"], file["mechanism"]["identifier"]) == ("pending", POST)
    polled = uploader.send(file["links"]["file-upload-session"], method="get")
    assert polled.json()["status"] == "pending"


def test_a_signed_link_needs_no_credentials_and_takes_no_other_bytes(uploader, session, home):
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data, PUT).json()
    mechanism = file["mechanism"]
    assert (mechanism["method"], mechanism["headers"]["Content-Length"]) == ("PUT", str(len(data)))
    if home == "dynamodb and s3":
        signed = mechanism["file_url"].partition("X-Amz-SignedHeaders=")[2].partition("&")[0]
        assert signed == "content-length%3Bcontent-type%3Bhost%3Bx-amz-checksum-sha256"
        return
    other = bytes(reversed(data))
    refusal(uploader.deliver(file, other), 400, "bad-digest")
    refusal(uploader.deliver(file, data + b"x"), 400, "wrong-size")
    assert staged() == []
    assert uploader.deliver(file, data).status_code == 204


def test_a_forged_or_old_link_takes_nothing(client, uploader, session, home, monkeypatch):
    if home == "dynamodb and s3":
        pytest.skip("S3 itself checks its links")
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data, PUT).json()
    url = path(file["mechanism"]["file_url"])
    refusal(client.put(url[:-1] + ("a" if url[-1] != "a" else "b"), data), 403, "bad-link")
    monkeypatch.setattr("packages_app.uploads.sessions.mechanisms.LINK_SECONDS", -1)
    refusal(client.put(url, data), 403, "bad-link")


def test_attestations_come_before_completion_and_are_kept(client, uploader, session, attestation):
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data).json()
    url = path(file["mechanism"]["attestations_url"])
    refusal(client.post(url, b"[1]", content_type="application/json", headers=basic()), 400, "bad-attestations")
    sent = client.post(url, attestation(filename, data), content_type="application/json", headers=basic())
    assert sent.status_code == 204
    uploader.deliver(file, data)
    assert uploader.send(file["links"]["complete"]).status_code == 201
    uploader.publish(session)
    kept = read.file("demo", filename)
    assert kept.attestations_sha256
    assert store.stat(keys.attestations(kept.sha256, filename)).size
    refusal(client.post(url, b"[]", content_type="application/json", headers=basic()), 409, "session-closed")


@pytest.fixture
def attestation():
    def make(filename: str, data: bytes) -> bytes:
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": filename, "digest": {"sha256": sha256(data)}}],
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": {},
        }
        certificate = base64.b64encode(b"certificate").decode()
        envelope = {
            "statement": base64.b64encode(json.dumps(statement).encode()).decode(),
            "signature": base64.b64encode(b"signature").decode(),
        }
        material = {"certificate": certificate, "transparency_entries": [{}]}
        return json.dumps([{"version": 1, "verification_material": material, "envelope": envelope}]).encode()

    return make


# --- The preview ---


def test_the_preview_shows_completed_files_to_who_has_its_address(client, uploader, session):
    filename, data = make_wheel(requires_python=">=3.9")
    stage = path(session["links"]["stage"])
    assert session["session-token"] in stage
    uploader.begin(session, *make_sdist())
    uploader.add(session, (filename, data))
    root, page = client.get(stage), client.get(f"{stage}demo/")
    assert b'href="demo/"' in root.content
    assert b'data-requires-python="&gt;=3.9"' in page.content
    assert b".tar.gz" not in page.content
    address = f"{stage}files/{sha256(data)}/{filename}"
    assert f"../files/{sha256(data)}/{filename}#sha256={sha256(data)}".encode() in page.content
    for url, expected in ((address, data), (f"{address}.metadata", None)):
        answer = client.get(url)
        assert client.head(url).status_code == 200
        if answer.status_code == 302:
            answer = requests.get(answer["Location"], timeout=10)
            body = answer.content
        else:
            body = b"".join(answer)
        assert answer.status_code == 200
        assert body == expected if expected else body.startswith(b"Metadata-Version")


@pytest.mark.parametrize("ending", ["publish", "cancel"])
def test_the_preview_ends_with_its_session(client, uploader, session, ending):
    uploader.add(session, make_wheel())
    stage = path(session["links"]["stage"])
    assert client.get(f"{stage}demo/").status_code == 200
    if ending == "publish":
        uploader.publish(session)
    else:
        uploader.send(session["links"]["session"], method="delete")
    refusal(client.get(f"{stage}demo/"), 404, "no-such-session")


@pytest.mark.parametrize("change", ["another token", "another session", "another project"])
def test_a_guessed_preview_shows_nothing(client, uploader, session, change):
    uploader.add(session, make_wheel())
    stage = path(session["links"]["stage"])
    token = session["session-token"]
    url = {
        "another token": stage.replace(token, "0" * 32) + "demo/",
        "another session": f"/upload/stage/{'0' * 32}/{token}/demo/",
        "another project": f"{stage}other/",
    }[change]
    refusal(client.get(url), 404, "no-such-session")


def test_every_link_keeps_the_prefix_and_the_host_that_the_client_came_by(client):
    document = json.dumps({"meta": META, "name": "demo", "version": "1.0"})
    set_script_prefix("/dev/")  # as a server does for a request below a stage's address
    try:
        created = client.post("/upload/", document, content_type=V2, headers={**basic(), "host": "localhost"})
    finally:
        set_script_prefix("/")
    assert created["Location"].startswith("http://localhost/dev/upload/")
    assert all(link.startswith("http://localhost/dev/upload/") for link in created.json()["links"].values())


def test_the_address_without_a_slash_begins_sessions_too(uploader):
    document = {"meta": META, "name": "demo", "version": "1.0"}
    assert uploader.send("/upload", document).status_code == 201
    refusal(uploader.send("/upload", {}), 400, "bad-document")
