"""What upload sessions refuse, and what each refusal says."""

from datetime import timedelta

import pytest

from packages_app.catalogue import write
from packages_app.catalogue.entries import Change, Status
from packages_app.file_store import write as store_write
from packages_app.uploads.sessions import read as sessions
from packages_app.uploads.sessions import staging
from packages_app.uploads.sessions import write as session_write
from tests.factories import make_sdist, make_wheel, metadata
from tests.functional.conftest import basic
from tests.functional.uploader import META, PARTS, POST, PUT, V2, listed, path, refusal, session_id, staged


@pytest.mark.parametrize(
    ("document", "source"),
    [
        pytest.param({"name": "demo", "version": "1"}, "meta.api-version", id="without a version of the API"),
        pytest.param({"meta": META, "name": "demo"}, "version", id="without a version"),
        pytest.param({"meta": META, "name": "demo", "version": "x"}, "version", id="with no real version"),
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
        pytest.param({"size": 10**15}, 413, "too-large", id="a huge size"),
        pytest.param({"hashes": {}}, 400, "bad-document", id="no digest"),
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


@pytest.mark.parametrize("mechanism", [POST, PUT, PARTS])
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
    store_write.put_bytes(staging.key(sessions.file(session_id(session), filename)), bytes(reversed(data)))
    refusal(uploader.send(file["links"]["complete"]), 400, "bad-digest")


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
    uploader.add(session, make_wheel())
    assert session_write.claim(sessions.find(session_id(session)))
    for answer in (
        uploader.send(session["links"]["session"], method="delete"),
        uploader.publish(session),
        uploader.begin(session, *make_sdist()),
    ):
        refusal(answer, 409, "session-busy")
        assert answer["Retry-After"] == "2"
    assert uploader.send(session["links"]["session"], method="get")["Retry-After"] == "2"


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


def test_bytes_of_unknown_length_are_refused(client, uploader, session):
    filename, data = make_wheel()
    file = uploader.begin(session, filename, data).json()
    url = path(file["mechanism"]["file_url"])
    refusal(client.post(url, data, content_type=V2, headers=basic(), CONTENT_LENGTH=""), 411, "length-required")
    refusal(
        client.post("/upload/", b"{}", content_type=V2, headers=basic(), CONTENT_LENGTH="-1"), 411, "length-required"
    )


def test_a_document_as_long_as_a_file_is_refused(client, session):
    answer = client.post("/upload/", b" " * 70_000, content_type=V2, headers=basic())
    refusal(answer, 400, "bad-upload")
