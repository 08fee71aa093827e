"""The door for scripts, as its own document describes it."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from packages_app.api.openapi import PROBLEM, document
from packages_app.api.table import OPERATIONS
from tests.factories import make_sdist, make_wheel

URL = "/api/"


@pytest.fixture
def get(client, auth):
    def ask(path: str, status: int = 200, headers: dict | None = None, **query) -> dict:
        answer = client.get(URL + path, query, headers=auth if headers is None else headers)
        assert answer.status_code == status, answer.content
        return checked(answer, path)

    return ask


def checked(answer, path: str) -> dict:
    """Return an answer's document, if it is what the door's own document says of it."""
    described = document("https://index.example/api")
    told = json.loads(answer.content)
    method = answer.request["REQUEST_METHOD"].lower()
    operation = described["paths"][template(path)][method]
    content = operation["responses"][str(answer.status_code)]["content"]
    (media_type,) = content
    assert answer["Content-Type"] == media_type
    schema = {**content[media_type]["schema"], "components": described["components"]}
    Draft202012Validator(schema).validate(told)
    return told


def asking(client, auth):
    """Return a function that asks the API for something, and returns what it answers, checked."""

    def ask(method: str, path: str, document=None, status: int = 200, headers: dict | None = None):
        answer = client.generic(
            method,
            URL + path,
            b"" if document is None else json.dumps(document),
            content_type="application/json",
            headers=auth if headers is None else headers,
        )
        assert answer.status_code == status, answer.content
        return answer if status == 204 else checked(answer, path.partition("?")[0])

    return ask


def template(path: str) -> str:
    """Return the path as the table of operations writes it."""
    for operation in OPERATIONS:
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", operation.path), path):
            return f"/{operation.path}"
    raise AssertionError(path)


@pytest.fixture
def demo(publish):
    """A project with two releases."""
    for filename, data in (make_wheel("demo", "1.0"), make_sdist("demo", "1.0"), make_wheel("demo", "1.10")):
        assert publish(filename, data).status_code == 200


def test_the_document_is_valid_and_is_read_without_credentials(client, home):
    answer = client.get(f"{URL}openapi.json")
    assert answer.status_code == 200
    told = answer.json()
    validate(told)
    assert told["servers"] == [{"url": "http://testserver/api"}]
    assert {
        operation["operationId"]
        for path in told["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    } == {operation.name for operation in OPERATIONS}


def test_projects_come_in_pages(get, publish):
    names = {f"demo-{number}" for number in range(7)}
    for name in names:
        filename, data = make_wheel(name, "1.0")
        assert publish(filename, data).status_code == 200
    found, cursor = [], {}
    while True:
        page = get("projects", limit="3", **cursor)
        found += [entry["name"] for entry in page["entries"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(found) == sorted(names)
    assert [entry["name"] for entry in get("projects", prefix="demo-3")["entries"]] == ["demo-3"]


def test_a_project_its_releases_and_its_files_are_shown(get, demo):
    project = get("projects/demo")
    assert (project["status"], project["versions"]) == ("active", ["1.0", "1.10"])
    assert [release["version"] for release in get("projects/Demo/releases")["entries"]] == ["1.0", "1.10"]
    release = get("projects/demo/releases/1.0.0")
    assert sorted(file["filetype"] for file in release["files"]) == ["bdist_wheel", "sdist"]
    files = get("projects/demo/files")["entries"]
    assert len(files) == 3
    assert get(f"projects/demo/files/{files[0]['filename']}") == files[0]


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        pytest.param("projects/nothing", {}, 404, "no-such-project", id="no such project"),
        pytest.param("projects/-demo-", {}, 404, "no-such-project", id="no name of a project"),
        pytest.param("projects/demo/releases/9", {}, 404, "no-such-entry", id="no such release"),
        pytest.param("projects/demo/files/demo.zip", {}, 404, "no-such-entry", id="no such file"),
        pytest.param("projects", {"limit": "0"}, 400, "bad-request", id="a page of nothing"),
        pytest.param("projects", {"limit": "x"}, 400, "bad-request", id="a limit that is no number"),
        pytest.param("projects", {"prefx": "a"}, 400, "bad-request", id="a parameter that is misspelt"),
        pytest.param("projects/demo/files", {"limit": "1"}, 400, "bad-request", id="a page of what comes whole"),
        pytest.param("projects", {"cursor": "%%"}, 400, "bad-request", id="a cursor that was never given"),
    ],
)
@pytest.mark.usefixtures("demo")
def test_what_is_asked_wrongly_is_refused_in_one_sentence(get, path, query, status, code):
    told = get(path, status, **query)
    assert told["error"] == code
    assert set(told) == set(PROBLEM.fields)


def test_anonymous_callers_are_asked_to_sign_in(client, demo):
    answer = client.get(f"{URL}projects")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    assert checked(answer, "projects")["error"] == "not-signed-in"


def test_another_method_is_told_which_there_are(client, auth, home):
    answer = client.post(f"{URL}projects", headers=auth)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["Content-Type"] == "application/problem+json"
