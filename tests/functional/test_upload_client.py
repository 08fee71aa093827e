"""The one-file client as the index serves it, in each home; and ``manage.py upload --url``."""

import argparse
import ast
import os
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from django.urls import set_script_prefix

from packages_app.uploads.client import upload
from packages_app.uploads.client.views import SOURCE
from packages_app.uploads.sessions import cut
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.commands import manage
from tests.functional.conftest import PASSWORD, USER
from tests.functional.uploader import listed, staged


def served_url(body: str) -> str:
    """Return the index's address in a served client, read as Python reads it."""
    found = [
        node.value
        for node in ast.parse(body).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "INDEX_URL"
    ]
    return ast.literal_eval(found[0])


def test_anybody_gets_it_with_this_indexs_address_in_it(client):
    answer = client.get("/upload.py", headers={"host": "localhost:8000"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/x-python; charset=utf-8")
    assert answer["Cache-Control"] == "no-cache"
    body = answer.content.decode()
    assert served_url(body) == "http://localhost:8000/"
    assert body.startswith('# /// script\n# requires-python = ">=3.9"\n')
    lines = zip(body.splitlines(), SOURCE.read_text().splitlines(), strict=True)
    assert [theirs.partition("=")[0] for theirs, ours in lines if theirs != ours] == ["INDEX_URL "]


def test_who_has_it_is_told_so(client):
    tag = client.get("/upload.py")["ETag"]
    again = client.get("/upload.py", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert client.get("/upload.py", headers={"host": "localhost", "if-none-match": tag}).status_code == 200
    assert client.head("/upload.py").status_code == 200


def test_it_is_only_read(client):
    answer = client.post("/upload.py", headers={"accept": "text/plain"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_the_stage_prefix_and_the_callers_host_are_in_it(client, settings):
    settings.ALLOWED_HOSTS = ["packages.example"]
    set_script_prefix("/dev/")  # as a server does for a request below a stage's address
    try:
        body = client.get("/upload.py", secure=True, headers={"host": "packages.example"}).content
    finally:
        set_script_prefix("/")
    assert served_url(body.decode()) == "https://packages.example/dev/"


def test_a_host_that_is_not_ours_gets_nothing(client):
    answer = client.get("/upload.py", headers={"host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param((), "Name files to publish", id="nothing"),
        pytest.param(("--stage", "x.whl"), "--stage is for an index that is reached over HTTP", id="a stage here"),
        pytest.param(("--cancel", "x"), "--cancel is for an index", id="cancel here"),
        pytest.param(
            ("--url", "https://index.example/", "--as", "ana", "x.whl"), "--as works on this machine", id="as"
        ),
    ],
)
def test_the_commands_two_ways_are_not_mixed(home, arguments, says):
    code, said = manage("upload", *arguments)
    assert (code, says in said) == (2, True), said


def test_the_command_is_the_client(home, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ELASTIC_PYPI_TOKEN", "token")
    with pytest.raises(SystemExit) as ended:
        manage("upload", "--url", "https://index.example/", tmp_path / "gone.whl")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "gone.whl: there is no such file.\n"


# --- What it does, in each home -----------------------------------------------------------------------------------


class Wire(upload.Http):
    """The client's requests, taken to Django's test client, or to the bucket that they name."""

    def __init__(self, client: Client, **options: object) -> None:
        defaults = {"skip_existing": False, "stage": False, "wait": 0, "jobs": 1, "retries": 1, "insecure_http": True}
        self.options = argparse.Namespace(**{**defaults, "program": "upload.py", **options})
        who = upload.Credentials(USER, PASSWORD, "a test")
        super().__init__("http://testserver/", who, upload.Progress(), threading.Event(), self.options)
        self.client, self.asked = client, []
        self.breaks_at = ""
        """The request that never arrives, by its method and a part of its address."""
        self.breaks_after, self.lose = 0, 1000
        """How many PUTs arrive before so many get lost; 0 when none does."""

    def once(self, method, url, headers, body):
        parts = urlsplit(url)
        self.asked.append(f"{method} {parts.path}")
        late = method == "PUT" and 0 < self.breaks_after < self.count("PUT") <= self.breaks_after + self.lose
        if late or (self.breaks_at and self.breaks_at in self.asked[-1]):
            raise ConnectionResetError("broken")
        data = b"".join(body) if body is not None and not isinstance(body, bytes) else body or b""
        if parts.netloc != "testserver":
            sent = requests.request(method, url, data=data, headers=headers, timeout=10)
            return upload.Answer(sent.status_code, sent.headers, sent.content)
        kind = headers.get("Content-Type", "")
        answer = self.client.generic(method, parts.path, data, content_type=kind, headers=headers)
        return upload.Answer(answer.status_code, answer.headers, answer.content)

    def pause(self, seconds: float) -> None:
        del seconds

    def upload(self, *files: Path) -> int:
        """Run as the program does, and return the exit code."""
        self.asked.clear()
        try:
            return upload.upload(self, upload.read_dists([str(file) for file in files], self.progress), self.options)
        except upload.Failure as failure:
            self.progress.say(str(failure))
            return failure.exit_code

    def count(self, start: str) -> int:
        """Return how many requests began like this."""
        return sum(asked.startswith(start) for asked in self.asked)


@pytest.fixture
def release(tmp_path) -> list[Path]:
    """A wheel and an sdist of demo 1.0 on disk."""
    return [put(tmp_path, made) for made in (make_wheel(), make_sdist())]


def put(folder: Path, made: tuple[str, bytes]) -> Path:
    path = folder / made[0]
    path.write_bytes(made[1])
    return path


@pytest.mark.parametrize("mechanism", ["signed link", "post"])
def test_a_release_comes_in(client, release, mechanism, monkeypatch, capsys):
    if mechanism == "post":
        monkeypatch.setattr(upload, "PUT", "vnd-not-offered")
    wire = Wire(client)
    assert wire.upload(*release) == 0
    assert listed() == {path.name: sha256(path.read_bytes()) for path in release}
    assert capsys.readouterr().out == "".join(f"{path.name}: published\n" for path in sorted(release))
    assert wire.count("PUT") == (2 if mechanism == "signed link" else 0)
    assert staged() == []


def test_nothing_is_left_of_a_release_that_is_published_already(client, release, capsys):
    assert Wire(client).upload(*release) == 0
    wire = Wire(client)
    assert wire.upload(*release) == 1
    assert wire.count("DELETE") == 1
    said = "is published with the same bytes; leave it out, as upload.py does with --skip-existing."
    assert capsys.readouterr().err.count(said) == 2
    assert Wire(client, skip_existing=True).upload(*release) == 0


def test_one_bad_file_holds_its_release_and_the_good_one_waits_for_its_successor(client, release, tmp_path, capsys):
    good, bad = release
    right = bad.read_bytes()
    bad.write_bytes(make_sdist(core=b"Metadata-Version: 2.1\nName: another\nVersion: 1.0\n")[1])
    wire = Wire(client)
    wire_dists = upload.read_dists([str(good), str(bad)], wire.progress)
    assert upload.upload(wire, [replace(dist, name="demo") for dist in wire_dists], wire.options) == 1
    said = capsys.readouterr().err
    assert "demo 1.0 is not published: 1 of 2 files did not come in. What came in is kept" in said
    assert listed() == {}
    bad.write_bytes(right)
    assert wire.upload(good, bad) == 0
    assert wire.count("PUT") == 1  # the good one is there
    assert set(listed()) == {good.name, bad.name}


@pytest.mark.parametrize(("breaks_at", "left"), [("POST /upload/", 2), ("PUT", 2), ("/complete", 1), ("/publish", 0)])
def test_what_broke_off_goes_on(client, release, breaks_at, left, capsys):
    wire = Wire(client)
    wire.breaks_at = breaks_at
    assert wire.upload(*release) == 3
    assert "run it again" in capsys.readouterr().err
    wire.breaks_at = ""
    assert wire.upload(*release) == 0
    assert len(listed()) == 2
    assert wire.count("PUT") == left  # nothing is sent twice


def test_an_attestation_that_is_of_another_file_is_refused(client, release, capsys):
    release[0].with_name(f"{release[0].name}.publish.attestation").write_text('{"version": 1}')
    assert Wire(client).upload(*release) == 1
    assert f"{release[0].name}: " in capsys.readouterr().err
    assert listed() == {}


@pytest.fixture
def part(home, monkeypatch) -> int:
    """The bytes of a part, and the size from which files come in parts."""
    size = 5 * upload.MB if home == "dynamodb and s3" else upload.MB  # S3 takes no smaller ones
    monkeypatch.setattr(upload, "MULTIPART_FROM", size)
    monkeypatch.setattr(cut, "SMALLEST", size)
    return size


@pytest.fixture
def large(tmp_path, part) -> Path:
    """A wheel that comes in three parts."""
    return put(tmp_path, make_wheel(content=os.urandom(2 * part)))


def test_only_the_parts_that_are_missing_are_sent_again(client, large):
    wire = Wire(client)
    wire.tries = 1
    wire.breaks_after = 2
    assert wire.upload(large) == 3
    assert wire.count("PUT") == 3
    wire.breaks_after = 0
    assert wire.upload(large) == 0
    assert wire.count("PUT") == 1
    assert listed() == {large.name: sha256(large.read_bytes())}
    assert staged() == []


@pytest.mark.parametrize("parts", [1, 2])
def test_parts_of_a_file_that_was_rebuilt_are_not_mixed(client, large, part, parts):
    wire = Wire(client)
    wire.tries = 1
    wire.breaks_after = 2
    assert wire.upload(large) == 3
    wire.breaks_after = 0
    put(large.parent, make_wheel(content=os.urandom(parts * part)))
    assert wire.upload(large) == 0
    assert listed() == {large.name: sha256(large.read_bytes())}


def test_a_part_that_was_lost_on_its_way_is_tried_again(client, large, capsys):
    wire = Wire(client)
    wire.breaks_after = 1
    wire.tries = 2
    wire.lose = 1
    assert wire.upload(large) == 0
    assert "broken; again in" in capsys.readouterr().err
    assert listed() == {large.name: sha256(large.read_bytes())}
