"""Upload 2.0 as a client goes through it: begin, send, complete, look, publish; and what each refusal says."""

import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from packages_app.accounts.entries import Principal
from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.uploads.sessions import entries, staging
from packages_app.uploads.sessions import publish as journey
from packages_app.uploads.sessions import read as sessions
from tests.factories import make_sdist, make_wheel, metadata, sha256
from tests.functional.conftest import basic

V2 = "application/vnd.pypi.upload.v2+json"
META = {"api-version": "2.0"}
POST, PUT = "http-post-bytes", "vnd-elasticpypi-put-presigned"
ANA = Principal(name="ana")


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
        if "amazonaws" in mechanism["file_url"]:
            return requests.put(mechanism["file_url"], data=data, headers=mechanism["headers"], timeout=10)
        return self.client.put(path(mechanism["file_url"]), data, content_type="application/octet-stream")

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


@pytest.fixture
def uploader(client) -> Uploader:
    return Uploader(client)


@pytest.fixture
def session(uploader) -> dict:
    return uploader.create().json()


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


# --- The journey ---


@pytest.mark.parametrize("mechanism", [POST, PUT])
def test_a_release_becomes_visible_all_at_once(client, uploader, mechanism):
    created = uploader.create("Demo", "1.0")
    assert (created.status_code, created["Content-Type"]) == (201, V2)
    session = created.json()
    assert created["Location"] == session["links"]["session"]
    assert (session["status"], session["files"], session["meta"]) == ("open", {}, META)
    assert session["mechanisms"] == [POST, PUT]
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
    import base64  # noqa: PLC0415 - only this fixture needs it

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


# --- Reservations and conflicts ---


def test_a_second_session_for_a_release_is_told_where_the_first_is(uploader, session):
    second = uploader.create("DEMO", "1.0.0")
    refusal(second, 409, "session-exists")
    assert second["Location"] == session["links"]["session"]
    assert uploader.create("demo", "1.1").status_code == 201


@pytest.mark.parametrize("ending", ["cancel", "expire"])
def test_a_release_is_free_again_after_its_session(uploader, session, ending, monkeypatch):
    if ending == "cancel":
        assert uploader.send(session["links"]["session"], method="delete").status_code == 204
        assert uploader.send(session["links"]["session"], method="get").json()["status"] == "canceled"
    else:
        expire(session, monkeypatch)
    assert uploader.create().status_code == 201


def expire(session: dict, monkeypatch) -> None:
    """Let a session's time be over, while its items are still there."""
    from datetime import UTC, datetime  # noqa: PLC0415 - the class is shadowed for the modules under test

    from packages_app.uploads.sessions import write as session_write  # noqa: PLC0415 - see above

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz or UTC) + entries.LIFE + timedelta(hours=1)

    monkeypatch.setattr(sessions, "datetime", Later)
    monkeypatch.setattr(session_write, "datetime", Later)
    monkeypatch.setattr("packages_app.uploads.sessions.create.datetime", Later)


def test_an_expired_session_is_not_there(uploader, session, monkeypatch):
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data).json()
    expire(session, monkeypatch)
    refusal(uploader.send(session["links"]["session"], method="get"), 404, "no-such-session")
    refusal(uploader.begin(session, *make_sdist()), 404, "no-such-session")
    refusal(uploader.deliver(file, data), 404, "no-such-session")
    refusal(uploader.publish(session), 404, "no-such-session")
    refusal(uploader.send(session["links"]["session"], method="delete"), 404, "no-such-session")


def test_a_published_name_is_a_conflict_at_once(uploader, session, publish):
    filename, data = make_wheel()
    publish(filename, data)
    refusal(uploader.begin(session, filename, data), 409, "file-exists")
    refusal(uploader.begin(session, filename, make_wheel(content=b"other")[1]), 409, "file-exists")


def test_a_name_published_meanwhile_with_other_bytes_lets_nothing_be_listed(uploader, session, publish):
    wheel, sdist = make_wheel(), make_sdist()
    uploader.add(session, wheel)
    uploader.add(session, sdist)
    other = make_wheel(content=b"other")[1]
    assert publish(wheel[0], other).status_code == 200
    refusal(uploader.publish(session), 409, "file-exists")
    assert listed() == {wheel[0]: sha256(other)}
    assert uploader.send(session["links"]["session"], method="get").json()["status"] == "open"
    # Without the file in conflict, the rest can be published.
    file = uploader.send(session["links"]["session"], method="get").json()["files"][wheel[0]]["link"]
    assert uploader.send(file, method="delete").status_code == 204
    assert uploader.publish(session).status_code == 201
    assert listed() == {wheel[0]: sha256(other), sdist[0]: sha256(sdist[1])}


def test_a_name_published_meanwhile_with_the_same_bytes_is_fine(uploader, session, publish):
    wheel, sdist = make_wheel(), make_sdist()
    uploader.add(session, wheel)
    uploader.add(session, sdist)
    publish(*wheel)
    assert uploader.publish(session).status_code == 201
    assert set(listed()) == {wheel[0], sdist[0]}


def test_a_race_lost_in_the_last_moment_leaves_neither_rows_nor_bytes(uploader, session, publish, monkeypatch):
    wheel, sdist = make_wheel(), make_sdist()
    uploader.add(session, wheel)
    uploader.add(session, sdist)
    other = make_wheel(content=b"other")[1]
    real = journey.publish_release

    def beaten(safe, **how):
        monkeypatch.setattr(journey, "publish_release", real)
        assert publish(wheel[0], other).status_code == 200
        return real(safe, **how)

    monkeypatch.setattr(journey, "publish_release", beaten)
    refusal(uploader.publish(session), 409, "file-exists")
    assert listed() == {wheel[0]: sha256(other)}
    # What nothing lists is gone: reconcile would list it, as it stands under a free name.
    assert [blob.key for blob in store.walk()] == [
        keys.blob(sha256(other), wheel[0]),
        keys.metadata(sha256(other), wheel[0]),
    ]
    file = uploader.send(session["links"]["session"], method="get").json()["files"][wheel[0]]["link"]
    uploader.send(file, method="delete")
    assert uploader.publish(session).status_code == 201
    assert set(listed()) == {wheel[0], sdist[0]}


def test_a_release_of_more_files_than_one_transaction_takes_is_published(uploader, session, monkeypatch):
    monkeypatch.setattr(write, "MOST_FILES", 2)
    wheels = [make_wheel(tag=f"cp3{minor}-none-any") for minor in range(5)]
    for wheel in wheels:
        uploader.add(session, wheel)
    assert uploader.publish(session).status_code == 201
    assert listed() == {name: sha256(data) for name, data in wheels}


def test_overwriting_replaces_a_published_file(uploader, session, publish, configure):
    configure(overwrite=True)
    filename, data = make_wheel()
    publish(filename, make_wheel(content=b"old")[1])
    uploader.add(session, (filename, data))
    assert uploader.publish(session).status_code == 201
    assert listed() == {filename: sha256(data)}


# --- Refusals ---


@pytest.mark.parametrize(
    ("document", "source"),
    [
        pytest.param({"name": "demo", "version": "1"}, "meta.api-version", id="without a version of the API"),
        pytest.param({"meta": {"api-version": "1.0"}, "name": "demo", "version": "1"}, "meta.api-version", id="of 1.0"),
        pytest.param({"meta": META, "version": "1"}, "name", id="without a name"),
        pytest.param({"meta": META, "name": 7, "version": "1"}, "name", id="with a number for a name"),
        pytest.param({"meta": META, "name": "demo"}, "version", id="without a version"),
        pytest.param({"meta": META, "name": "demo", "version": "x"}, "version", id="with no real version"),
        pytest.param([], "request", id="that is a list"),
    ],
)
def test_a_document_that_does_not_do_is_told_where(uploader, document, source):
    told = refusal(uploader.send("/upload/", document), 400, "bad-document")
    assert [error["source"] for error in told["errors"]] == [source]


def test_a_name_that_no_project_has_is_refused(uploader):
    refusal(uploader.create("-demo-"), 400, "bad-name")


def test_another_type_of_body_is_refused(client):
    answer = client.post("/upload/", b"name=demo", content_type="text/plain", headers=basic())
    refusal(answer, 415, "wrong-media-type")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        pytest.param({"filename": "demo.exe"}, 400, "bad-filename", id="no distribution"),
        pytest.param({"filename": "../demo-1.0.tar.gz"}, 400, "bad-filename", id="a path"),
        pytest.param({"filename": "other-1.0.tar.gz"}, 400, "disagreement", id="another project"),
        pytest.param({"filename": "demo-1.1.tar.gz"}, 400, "disagreement", id="another version"),
        pytest.param({"mechanism": "vnd-other-way"}, 422, "unknown-mechanism", id="an unknown mechanism"),
        pytest.param({"size": 0}, 400, "bad-document", id="no bytes"),
        pytest.param({"size": "1"}, 400, "bad-document", id="a text for a size"),
        pytest.param({"size": 10**15}, 413, "too-large", id="a huge size"),
        pytest.param({"hashes": {}}, 400, "bad-document", id="no digest"),
        pytest.param({"hashes": {"sha256": "abc"}}, 400, "bad-document", id="half a digest"),
    ],
)
def test_an_announcement_that_does_not_do_is_refused(uploader, session, changes, status, code):
    refusal(uploader.begin(session, *make_wheel(), changes=changes), status, code)
    assert uploader.send(session["links"]["session"], method="get").json()["files"] == {}


def test_a_file_is_announced_once(uploader, session):
    wheel = make_wheel()
    first = uploader.begin(session, *wheel).json()
    refusal(uploader.begin(session, *wheel), 409, "file-in-session")
    assert uploader.send(first["links"]["file-upload-session"], method="delete").status_code == 204
    assert uploader.begin(session, *wheel).status_code == 202


def test_bytes_that_were_not_announced_are_refused_and_can_be_sent_again(uploader, session):
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data).json()
    refusal(uploader.deliver(file, bytes(reversed(data))), 400, "bad-digest")
    refusal(uploader.deliver(file, data[:-1]), 400, "wrong-size")
    refusal(uploader.send(file["links"]["complete"]), 409, "not-received")
    assert staged() == []
    assert uploader.deliver(file, data).status_code == 204
    assert uploader.send(file["links"]["complete"]).status_code == 201
    refusal(uploader.deliver(file, data), 409, "session-closed")


@pytest.mark.parametrize("mechanism", [POST, PUT])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"no archive", "unsound-archive", id="no archive"),
        pytest.param(make_wheel(core=metadata("other", "1.0"))[1], "disagreement", id="metadata of another project"),
    ],
)
def test_what_the_checks_refuse_is_told_and_stays_in_error(uploader, session, mechanism, data, code):
    filename = make_wheel()[0]
    file = uploader.begin(session, filename, data, mechanism).json()
    uploader.deliver(file, data)
    told = refusal(uploader.send(file["links"]["complete"]), 400, code)
    again = uploader.send(file["links"]["file-upload-session"], method="get").json()
    assert (again["status"], again["notices"]) == ("error", [told["detail"]])
    refusal(uploader.publish(session), 409, "incomplete-files")
    uploader.send(file["links"]["file-upload-session"], method="delete")
    uploader.add(session, make_wheel())
    assert uploader.publish(session).status_code == 201


def test_s3_bytes_that_are_others_after_all_are_refused(uploader, session, home):
    if home != "dynamodb and s3":
        pytest.skip("here the bytes pass through this server")
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data, PUT).json()
    from packages_app.file_store import write as store_write  # noqa: PLC0415 - a hand behind the door's back

    store_write.put_bytes(staging.key(sessions.file(session_id(session), filename)), bytes(reversed(data)))
    refusal(uploader.send(file["links"]["complete"]), 400, "bad-digest")


def session_id(session: dict) -> str:
    return path(session["links"]["session"]).split("/")[2]


def test_an_incomplete_session_is_not_published(uploader, session):
    wheel = make_wheel()
    uploader.add(session, make_sdist())
    uploader.begin(session, *wheel)
    told = refusal(uploader.publish(session), 409, "incomplete-files")
    assert f"{wheel[0]} is pending" in told["detail"]
    assert listed() == {}


def test_an_empty_session_is_not_published(uploader, session):
    refusal(uploader.publish(session), 422, "empty-session")


def test_a_canceled_session_takes_nothing_and_keeps_nothing(uploader, session):
    uploader.add(session, make_wheel())
    assert staged() != []
    assert uploader.send(session["links"]["session"], method="delete").status_code == 204
    assert uploader.send(session["links"]["session"], method="delete").status_code == 204
    assert staged() == []
    refusal(uploader.begin(session, *make_sdist()), 409, "session-closed")
    refusal(uploader.publish(session), 409, "session-closed")
    refusal(uploader.send(session["links"]["extend"], {"meta": META, "extend-for": 60}), 409, "session-closed")


def test_a_session_that_is_being_published_is_left_alone(uploader, session):
    from packages_app.uploads.sessions import write as session_write  # noqa: PLC0415 - a hand behind the door's back

    uploader.add(session, make_wheel())
    assert session_write.claim(sessions.find(session_id(session)))
    for answer in (
        uploader.send(session["links"]["session"], method="delete"),
        uploader.publish(session),
        uploader.begin(session, *make_sdist()),
    ):
        refusal(answer, 409, "session-busy")
        assert answer["Retry-After"] == "2"
    assert uploader.send(session["links"]["session"], method="get")["Retry-After"] == "1"


def test_a_project_that_takes_no_uploads_begins_no_session(uploader, publish):
    publish(*make_wheel())
    write.set_status("demo", Status.ARCHIVED, change=Change(actor="operator"))
    refusal(uploader.create(version="2.0"), 403, "project-closed")


def test_a_session_lives_longer_within_bounds(uploader, session):
    before = sessions.find(session_id(session)).expires
    longer = uploader.send(session["links"]["extend"], {"meta": META, "extend-for": 3600})
    assert (longer.status_code, longer.json()["notices"]) == (200, [])
    assert sessions.find(session_id(session)).expires == before + timedelta(hours=1)
    most = uploader.send(session["links"]["extend"], {"meta": META, "extend-for": 10**12})
    assert most.json()["notices"] == ["A session lives for at most 14 days."]
    refusal(uploader.send(session["links"]["extend"], {"meta": META, "extend-for": -1}), 400, "bad-document")


def test_a_file_lives_as_long_as_its_session(uploader, session):
    file = uploader.begin(session, *make_wheel()).json()
    longer = uploader.send(file["links"]["extend"], {"meta": META, "extend-for": 3600})
    assert longer.status_code == 200
    assert longer.json()["expires-at"] > file["expires-at"]


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic eDp5"}], ids=["nobody", "a wrong password"])
def test_every_address_but_preview_and_signed_links_asks_who_is_there(client, uploader, session, headers):
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data).json()
    links = session["links"] | file["links"]
    answers = [
        uploader.create(headers=headers),
        uploader.send(links["session"], method="get", headers=headers),
        uploader.send(links["session"], method="delete", headers=headers),
        uploader.send(links["upload"], {}, headers=headers),
        uploader.send(links["publish"], headers=headers),
        uploader.send(links["extend"], {}, headers=headers),
        uploader.send(links["file-upload-session"], method="get", headers=headers),
        uploader.send(links["file-upload-session"], method="delete", headers=headers),
        uploader.send(links["complete"], headers=headers),
        uploader.send(file["mechanism"]["attestations_url"], headers=headers),
        uploader.deliver(file, data, headers=headers),
    ]
    for answer in answers:
        assert answer["WWW-Authenticate"].startswith("Basic")
        refusal(answer, 401, "bad-credentials" if headers else "not-signed-in")


def test_who_else_may_upload_can_go_on_with_a_session(uploader, session):
    ben = basic("ben", "ben's")
    assert uploader.send(session["links"]["session"], method="get", headers=ben).status_code == 200


@pytest.mark.parametrize(
    ("address", "method"), [("/upload/", "get"), ("/upload/x/publish", "get"), ("/upload/x/", "put")]
)
def test_another_method_is_told_which_there_are(uploader, address, method):
    answer = uploader.send(address, method=method)
    refusal(answer, 405, "wrong-method")
    assert answer["Allow"]


def test_an_address_that_leads_nowhere_is_a_problem_too(uploader):
    refusal(uploader.send("/upload/a/b/c/d", method="get"), 404, "not-found")
    refusal(uploader.send(f"/upload/{'0' * 32}/", method="get"), 404, "no-such-session")
