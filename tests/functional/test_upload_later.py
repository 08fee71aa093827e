"""Work that takes longer than a gateway waits goes on after an answer of 202, which polls follow to its end."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from packages_app.accounts.entries import Subject, SubjectKind
from packages_app.accounts.grants import ungrant
from packages_app.file_store import keys
from packages_app.storage_events import unfinished
from packages_app.storage_events.handlers import objects_changed
from packages_app.uploads.sessions import complete as completing
from packages_app.uploads.sessions import markers, read, work, write, write_files
from packages_app.uploads.sessions import publish as publishing
from tests import bucket_events
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.accounts import CHANGE, token, user
from tests.functional.uploader import listed, path, refusal, session_id, staged


@pytest.fixture(autouse=True)
def _everything_takes_long(home, configure, monkeypatch):
    """Also in one folder, where nothing does: there ``reconcile`` stands for the bucket's events."""
    configure(background=True)
    monkeypatch.setattr(completing, "LONG", 0)
    monkeypatch.setattr(completing, "is_quick", lambda *_: False)
    monkeypatch.setattr(publishing, "LONG", 0)
    monkeypatch.setattr(unfinished, "FRESH", timedelta(0))


@pytest.fixture
def events(home):
    """Let the events of all markers come: ``events()``."""

    def come() -> None:
        found = list(markers.left(timedelta(0)))
        if home == "dynamodb and s3":
            records = [bucket_events.record("ObjectCreated:Put", f"team/{key}", bucket="packages") for key in found]
            assert objects_changed(bucket_events.event(*records), None)
        else:
            call_command("reconcile", "--apply")

    return come


def sent(uploader, session: dict, made: tuple[str, bytes]) -> dict:
    """Announce a file, and send its bytes."""
    file = uploader.begin(session, *made).json()
    assert uploader.deliver(file, made[1]).status_code == 204
    return file


def poll(uploader, url: str) -> tuple[str, list[str], bool]:
    """Return a document's status and notices, and whether it asks to come again."""
    answer = uploader.send(url, method="get")
    document = answer.json()
    return document["status"], document["notices"], "Retry-After" in answer


def test_a_release_that_takes_long_is_completed_and_published_after_answers_of_202(uploader, session, events):
    made = [make_wheel(), make_sdist()]
    for each in made:
        file = sent(uploader, session, each)
        left = uploader.send(file["links"]["complete"])
        assert (left.status_code, left.json()["status"], left["Retry-After"]) == (202, "processing", "2")
        assert uploader.send(file["links"]["complete"]).status_code == 202  # again is fine
        assert poll(uploader, file["links"]["file-upload-session"]) == ("processing", [], True)
        refusal(uploader.publish(session), 409, "incomplete-files")
        events()
        assert poll(uploader, file["links"]["file-upload-session"]) == ("completed", [], False)
        assert uploader.send(file["links"]["complete"]).status_code == 201
    left = uploader.publish(session)
    assert (left.status_code, left.json()["status"], left["Retry-After"]) == (202, "processing", "2")
    assert listed() == {}
    assert uploader.publish(session).status_code == 202  # again is fine
    assert poll(uploader, session["links"]["session"]) == ("processing", [], True)
    events()
    assert poll(uploader, session["links"]["session"]) == ("published", [], False)
    assert listed() == {filename: sha256(data) for filename, data in made}
    assert uploader.publish(session).status_code == 201
    assert staged() == []
    assert list(markers.left(timedelta(0))) == []


def test_what_a_check_finds_after_the_answer_stands_in_the_file_s_document(uploader, session, events):
    file = sent(uploader, session, (make_wheel()[0], b"no archive"))
    assert uploader.send(file["links"]["complete"]).status_code == 202
    events()
    status, [notice], _ = poll(uploader, file["links"]["file-upload-session"])
    assert status == "error"
    assert "zip" in notice


def test_a_name_that_was_published_meanwhile_opens_the_session_again(uploader, session, events, publish):
    filename, data = make_wheel()
    file = sent(uploader, session, (filename, data))
    uploader.send(file["links"]["complete"])
    events()
    assert uploader.publish(session).status_code == 202
    other = make_wheel(content=b"other")[1]
    assert publish(filename, other).status_code == 200
    events()
    status, [notice], _ = poll(uploader, session["links"]["session"])
    assert status == "open"
    assert "File already exists" in notice
    assert listed() == {filename: sha256(other)}
    refusal(uploader.publish(session), 409, "file-exists")


def test_who_lost_the_right_to_upload_meanwhile_publishes_nothing(client, uploader, session, events):
    user("ci", uploader="demo")
    held = token("ci")
    file = sent(uploader, session, make_wheel())
    uploader.send(file["links"]["complete"])
    events()
    assert uploader.send(session["links"]["publish"], headers=held).status_code == 202
    ungrant(Subject(SubjectKind.USER, "ci"), "demo", change=CHANGE)
    events()
    status, [notice], _ = poll(uploader, session["links"]["session"])
    assert (status, listed()) == ("open", {})
    assert "ci may not upload demo" in notice or "This token may not upload demo" in notice


def test_a_poll_brings_back_work_whose_event_got_lost(uploader, session, events, monkeypatch):
    filename, data = make_wheel()
    file = sent(uploader, session, (filename, data))
    uploader.send(file["links"]["complete"])
    monkeypatch.setattr(work, "REVIVAL", timedelta(0))
    for url, expected, go_on in (
        (file["links"]["file-upload-session"], "completed", lambda: uploader.publish(session)),
        (session["links"]["session"], "published", lambda: None),
    ):
        for key in list(markers.left(timedelta(0))):
            markers.remove(key)
        assert poll(uploader, url)[0] == "processing"
        assert len(list(markers.left(timedelta(0)))) == 1
        events()
        assert poll(uploader, url)[0] == expected
        go_on()
    assert listed() == {filename: sha256(data)}


def test_a_session_that_waits_can_be_canceled_and_its_marker_finds_nothing_to_do(uploader, session, events):
    file = sent(uploader, session, make_wheel())
    uploader.send(file["links"]["complete"])
    assert uploader.send(session["links"]["session"], method="delete").status_code == 204
    events()
    assert (listed(), staged(), list(markers.left(timedelta(0)))) == ({}, [], [])


def test_how_far_the_work_is_stands_among_the_notices(uploader, session):
    filename, data = make_wheel()
    file = sent(uploader, session, (filename, data))
    found = read.file(session_id(session), filename)
    write_files.hold_file(write_files.claim_file(found), timedelta(minutes=1), progress=3 * 1024**2)
    assert poll(uploader, file["links"]["file-upload-session"])[1] == ["3 of 0 MB were read."]
    of = read.find(session_id(session))
    write.claim(of)
    write.hold(of, timedelta(minutes=1), progress=2)
    assert poll(uploader, session["links"]["session"])[1] == ["2 files are in their place."]


def test_markers_are_no_part_of_the_index(client, auth, uploader, session):
    file = sent(uploader, session, make_wheel())
    uploader.send(file["links"]["complete"])
    [key] = markers.left(timedelta(0))
    assert keys.work_of(key) == (session_id(session), make_wheel()[0])
    assert client.get(f"/{key}", headers=auth).status_code == 404
    assert client.get(path(f"/packages/../{key}"), headers=auth).status_code == 404
