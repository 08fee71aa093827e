"""A file that goes up in parts: links for each, what is there, going on after a break, and what is refused."""

import os

import pytest
import requests

from packages_app.file_store import keys
from packages_app.file_store import parts as store_parts
from packages_app.uploads.sessions import cut, mechanisms, read, staging
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.conftest import basic
from tests.functional.uploader import META, PARTS, POST, V2, listed, path, refusal, staged

PART = 64 * 1024


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(cut, "SMALLEST", PART)
    monkeypatch.setattr(cut, "MIB", 1024)
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", PART)


@pytest.fixture(scope="module")
def wheel() -> tuple[str, bytes]:
    """A wheel of three parts."""
    return make_wheel(content=os.urandom(140 * 1024))


class Parts:
    """A client that sends one file in parts."""

    def __init__(self, uploader, session: dict, made: tuple[str, bytes], **changes) -> None:
        self.uploader, (self.filename, self.data) = uploader, made
        begun = uploader.begin(session, *made, PARTS, changes=changes)
        assert begun.status_code == 202, begun.content
        self.file = begun.json()
        self.mechanism = self.file["mechanism"]
        self.count = self.mechanism["parts"]

    def part(self, number: int) -> bytes:
        size = self.mechanism["part-size"]
        return self.data[(number - 1) * size : number * size]

    def ask(self, *numbers: int, digest: str = "", **how):
        parts = [{"number": number, "sha256": digest or sha256(self.part(number))} for number in numbers]
        return self.uploader.send(self.mechanism["parts_url"], {"meta": META, "parts": parts}, **how)

    def links(self, *numbers: int, **how) -> list[dict]:
        answer = self.ask(*numbers, **how)
        assert (answer.status_code, answer["Content-Type"]) == (200, V2), answer.content
        return answer.json()["parts"]

    def put(self, link: dict, data: bytes):
        if "amazonaws" in link["url"]:
            return requests.put(link["url"], data=data, headers=link["headers"], timeout=10)
        return self.uploader.client.put(path(link["url"]), data, content_type="application/octet-stream")

    def send(self, *numbers: int) -> None:
        for link in self.links(*numbers):
            assert self.put(link, self.part(link["number"])).status_code in (200, 204)

    def there(self) -> list[int]:
        answer = self.uploader.send(self.mechanism["parts_url"], method="get")
        assert answer.status_code == 200, answer.content
        document = answer.json()
        assert (document["part-size"], document["parts"]) == (self.mechanism["part-size"], self.count)
        assert all(part["size"] == len(self.part(part["number"])) for part in document["received"])
        return [part["number"] for part in document["received"]]

    def complete(self):
        return self.uploader.send(self.file["links"]["complete"])


@pytest.fixture
def parts(uploader, session, wheel) -> Parts:
    return Parts(uploader, session, wheel)


def test_a_file_goes_up_in_parts_in_any_order_and_is_published(uploader, session, parts):
    assert (parts.mechanism["identifier"], parts.mechanism["part-size"], parts.count) == (PARTS, PART, 3)
    assert parts.there() == []
    first, last = parts.links(1, 3)
    assert (first["number"], first["size"], first["method"]) == (1, PART, "PUT")
    assert last["headers"]["Content-Length"] == str(len(parts.data) - 2 * PART) == str(last["size"])
    for link in (last, first):
        assert parts.put(link, parts.part(link["number"])).status_code in (200, 204)
    assert parts.there() == [1, 3]
    parts.send(2)
    assert parts.there() == [1, 2, 3]
    done = parts.complete()
    assert (done.status_code, done.json()["status"]) == (201, "completed")
    assert parts.there() == [1, 2, 3]
    assert parts.complete().status_code == 201  # again is fine
    assert uploader.publish(session).status_code == 201
    assert listed() == {parts.filename: sha256(parts.data)}
    assert staged() == []


def test_a_small_file_is_one_part(uploader, session):
    parts = Parts(uploader, session, make_sdist())
    assert parts.count == 1
    parts.send(1)
    assert parts.complete().status_code == 201


def test_missing_parts_are_named_and_what_is_there_stays(parts):
    refused = refusal(parts.complete(), 409, "not-received")
    assert [error["source"] for error in refused["errors"]] == ["parts.1", "parts.2", "parts.3"]
    parts.send(1, 3)
    refused = refusal(parts.complete(), 409, "not-received")
    assert [error["source"] for error in refused["errors"]] == ["parts.2"]
    assert parts.there() == [1, 3]
    parts.send(2)
    assert parts.complete().status_code == 201


def test_a_part_is_sent_again_as_often_as_one_likes(parts):
    parts.send(1, 2, 3)
    parts.send(2)
    link = parts.links(2)[0]
    for _ in range(2):
        assert parts.put(link, parts.part(2)).status_code in (200, 204)
    assert parts.complete().status_code == 201


def test_a_damaged_part_or_one_of_another_length_is_refused_alone(parts, home):
    link = parts.links(2)[0]
    if home == "dynamodb and s3":
        signed = link["url"].partition("X-Amz-SignedHeaders=")[2].partition("&")[0]
        assert signed == "content-length%3Bhost%3Bx-amz-checksum-sha256"
        return
    parts.send(1)
    refusal(parts.put(link, bytes(reversed(parts.part(2)))), 400, "bad-digest")
    refusal(parts.put(link, parts.part(2)[:-1]), 400, "wrong-size")
    refusal(parts.put(link, parts.part(2) + b"x"), 400, "wrong-size")
    assert parts.there() == [1]
    parts.send(2, 3)
    assert parts.complete().status_code == 201


def test_parts_that_are_not_the_announced_file_put_it_in_error_and_it_can_be_begun_anew(uploader, session, wheel):
    other = make_wheel(content=os.urandom(140 * 1024))
    filename, data = wheel
    lied = Parts(uploader, session, (filename, other[1]), size=len(other[1]), hashes={"sha256": sha256(data)})
    lied.send(1, 2, 3)
    refusal(lied.complete(), 400, "bad-digest")
    status = uploader.send(lied.file["links"]["file-upload-session"], method="get").json()
    assert status["status"] == "error"
    assert "sha256" in status["notices"][0]
    refusal(lied.ask(1), 409, "session-closed")
    # Of the same name, size and announced digest: what lies there of the first attempt must not pass for it.
    again = Parts(uploader, session, wheel, size=len(other[1]), hashes={"sha256": sha256(data)})
    assert again.there() == []
    refusal(again.complete(), 409, "not-received")
    again.links(1)
    assert again.there() == []


def test_canceling_a_file_or_session_removes_its_parts(uploader, session, parts, home):
    parts.send(1, 2)
    assert uploader.send(parts.file["links"]["file-upload-session"], method="delete").status_code == 204
    refusal(parts.ask(1), 409, "session-closed")
    again = Parts(uploader, session, (parts.filename, parts.data))
    assert again.there() == []
    again.send(1)
    link = again.links(2)[0]
    assert uploader.send(session["links"]["session"], method="delete").status_code == 204
    if home != "dynamodb and s3":  # S3 answers 404 there; what stands in for it here breaks off
        refusal(again.put(link, again.part(2)), 409, "session-closed")
    assert staged() == []
    assert list(store_parts.unfinished(keys.STAGING)) == []
    refusal(again.ask(2), 409, "session-closed")


def test_an_upload_that_the_store_forgot_begins_anew(parts, home):
    if home != "dynamodb and s3":
        pytest.skip("a folder forgets nothing")
    parts.send(1, 2)
    file = read.file(path(parts.mechanism["parts_url"]).split("/")[2], parts.filename)
    store_parts.drop(staging.key(file), file.upload)
    assert parts.there() == []
    refusal(parts.complete(), 409, "not-received")
    parts.send(1, 2, 3)
    assert parts.complete().status_code == 201


@pytest.mark.parametrize(
    ("asked", "source"),
    [
        (None, "parts"),
        ([], "parts"),
        ([{"number": 1, "sha256": "0" * 64}] * 101, "parts"),
        ([{"sha256": "0" * 64}], "parts.0.number"),
        ([{"number": True, "sha256": "0" * 64}], "parts.0.number"),
        ([{"number": 1, "sha256": "0" * 64}, {"number": 4, "sha256": "0" * 64}], "parts.1.number"),
        ([{"number": 1, "sha256": "0" * 63}], "parts.0.sha256"),
        (["1"], "parts.0.number"),
    ],
    ids=[
        "no parts",
        "an empty list",
        "too many at once",
        "no number",
        "no number but a truth value",
        "a part that the file has not",
        "a digest that is too short",
        "a text",
    ],
)
def test_links_are_refused_for(parts, asked, source):
    answer = parts.uploader.send(parts.mechanism["parts_url"], {"meta": META, "parts": asked})
    assert refusal(answer, 400, "bad-document")["errors"][0]["source"] == source


def test_a_file_that_comes_in_another_way_has_no_parts(uploader, session):
    file = uploader.begin(session, *make_wheel(), POST).json()
    url = path(file["links"]["file-upload-session"]) + "/parts"
    refusal(uploader.send(url, method="get"), 422, "unknown-mechanism")
    document = {"meta": META, "parts": [{"number": 1, "sha256": "0" * 64}]}
    refusal(uploader.send(url, document), 422, "unknown-mechanism")


def test_parts_are_for_those_who_may_upload(parts):
    for headers, status in (({}, 401), (basic(password="wrong"), 401)):
        assert parts.ask(1, headers=headers).status_code == status
        assert parts.uploader.send(parts.mechanism["parts_url"], method="get", headers=headers).status_code == status


def test_a_forged_or_old_link_takes_no_part(parts, home, monkeypatch):
    if home == "dynamodb and s3":
        pytest.skip("S3 itself checks its links")
    link = parts.links(1)[0]
    url = link["url"]
    forged = {**link, "url": url[:-1] + ("a" if url[-1] != "a" else "b")}
    refusal(parts.put(forged, parts.part(1)), 403, "bad-link")
    whole = parts.uploader.client.put(path(url).replace("/part/", "/put/"), parts.part(1))
    refusal(whole, 403, "bad-link")
    monkeypatch.setattr(mechanisms, "LINK_SECONDS", -1)
    refusal(parts.put(link, parts.part(1)), 403, "bad-link")
    assert parts.there() == []
