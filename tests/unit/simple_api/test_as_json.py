import json

import pytest

from packages_app.catalogue.entries import Listed, Status
from packages_app.simple_api import as_json
from packages_app.simple_api.pages import project_page, root_page

DIGEST = "d" * 64


def document(project, *files) -> dict:
    return json.loads(as_json.project(project_page(project, files)))


def test_a_small_page_is_exactly_this(make_project, make_file):
    page = project_page(
        make_project(),
        [make_file(sha256="a" * 64, metadata_sha256=DIGEST, requires_python=">=3.9")],
    )
    assert as_json.project(page) == (
        b'{"meta":{"api-version":"1.4","_last-serial":1763900000000000},"name":"demo",'
        b'"project-status":{"status":"active"},"versions":["1.0"],"files":[{'
        b'"filename":"demo-1.0-py3-none-any.whl",'
        b'"url":"../../packages/' + b"a" * 64 + b'/demo-1.0-py3-none-any.whl",'
        b'"hashes":{"sha256":"' + b"a" * 64 + b'"},'
        b'"core-metadata":{"sha256":"' + b"d" * 64 + b'"},"data-dist-info-metadata":{"sha256":"' + b"d" * 64 + b'"},'
        b'"size":1234,"upload-time":"2026-11-22T10:00:00.000042Z","yanked":false,"provenance":null,'
        b'"requires-python":">=3.9"}]}'
    )


def test_a_file_without_metadata_says_so_and_names_no_python(make_project, make_file):
    (file,) = document(make_project(), make_file("demo-1.0.tar.gz"))["files"]
    assert file["core-metadata"] is False
    assert file["data-dist-info-metadata"] is False
    assert "requires-python" not in file


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, False, id="not yanked"),
        pytest.param({"yanked": True}, True, id="yanked for no reason"),
        pytest.param({"yanked": True, "yanked_reason": "broken"}, "broken", id="yanked for a reason"),
        pytest.param({"yanked_reason": "was broken"}, False, id="no longer yanked"),
    ],
)
def test_yanked_is_a_flag_or_the_reason(make_project, make_file, fields, expected):
    (file,) = document(make_project(), make_file(**fields))["files"]
    assert file["yanked"] == expected
    assert type(file["yanked"]) is type(expected)


@pytest.mark.parametrize("status", Status)
def test_the_status_stands_at_the_top_level(make_project, status):
    assert document(make_project(status=status))["project-status"] == {"status": status.value}


def test_the_reason_of_a_status_stands_beside_it(make_project):
    shown = document(make_project(status=Status.ARCHIVED, status_reason="moved"))
    assert shown["project-status"] == {"status": "archived", "reason": "moved"}


def test_no_key_of_a_later_or_rejected_version_appears(make_project, make_file):
    shown = document(make_project(), make_file())
    assert set(shown) == {"meta", "name", "project-status", "versions", "files"}
    assert set(shown["meta"]) == {"api-version", "_last-serial"}


def test_any_text_stays_valid_json(make_project, make_file):
    reason = 'a "quote", a \\, </script>, \x00\n and naïve ☃'
    raw = as_json.project(project_page(make_project(), [make_file(yanked=True, yanked_reason=reason)]))
    assert raw.isascii()
    assert json.loads(raw)["files"][0]["yanked"] == reason


def test_the_root_is_exactly_this():
    assert b"".join(as_json.root(root_page([Listed(name="b", serial=2), Listed(name="a", serial=5)]))) == (
        b'{"meta":{"api-version":"1.4","_last-serial":5},'
        b'"projects":[{"name":"a","_last-serial":5},{"name":"b","_last-serial":2}]}'
    )
