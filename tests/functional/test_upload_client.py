"""The one-file client as the index serves it, in each home; and ``manage.py upload --url``."""

import ast

import pytest
from django.urls import set_script_prefix

from packages_app.uploads.client.views import SOURCE
from tests.functional.test_commands import manage


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
