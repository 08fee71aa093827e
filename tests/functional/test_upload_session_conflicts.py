"""Upload sessions beside others: reservations, published names, races, and the end of a session's time."""

import pytest

from packages_app.catalogue import write
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.uploads.sessions import publish as journey
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.uploader import expire, listed, refusal


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


def test_one_distribution_under_two_spellings_is_a_conflict(uploader, session, publish):
    other, data = make_wheel("Demo", "1.0.0")
    uploader.add(session, make_wheel())
    refusal(uploader.begin(session, other, data), 409, "file-in-session")
    publish(other, data)
    refusal(uploader.publish(session), 409, "distribution-exists")
    assert listed() == {other: sha256(data)}
