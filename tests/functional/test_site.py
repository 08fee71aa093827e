"""What every address has in common: health, hosts, ids, protective headers, unknown addresses."""

import pytest
from django.test import Client

from packages_app.catalogue import read
from packages_app.tables.errors import TableUnavailable
from tests.factories import make_wheel
from tests.functional.conftest import basic


def test_health_needs_no_credentials_and_no_known_host(client):
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_strange_host_is_refused_and_told_what_to_do(client, auth):
    answer = client.get("/simple/", headers={**auth, "host": "evil.example"})
    assert answer.status_code == 400
    assert "PYPI_ALLOWED_HOSTS" in answer.content.decode()


@pytest.mark.parametrize("path", ["/simple/", "/healthz", "/nowhere", "/packages/x/y"])
def test_every_answer_is_protected_and_has_an_id_and_a_length(client, auth, path):
    answer = client.get(path, headers=auth)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert len(answer["X-Request-ID"]) == 16
    assert int(answer["Content-Length"]) == len(answer.content)


def test_an_unknown_address_is_one_sentence(client):
    answer = client.get("/nowhere")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert answer.content.count(b"\n") == 1


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("put", "/", "GET, HEAD, POST"),
        ("delete", "/simple/", "GET, HEAD, POST"),
        ("post", "/simple/demo/", "GET, HEAD"),
        ("post", "/healthz", "GET, HEAD"),
        ("get", "/legacy/", "POST"),
    ],
)
def test_a_method_that_an_address_does_not_do_is_told_those_that_it_does(client, auth, method, path, allowed):
    answer = getattr(client, method)(path, headers=auth)
    assert (answer.status_code, answer["Allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/simple/nothing-here/"])
def test_head_has_the_length_and_no_body(client, auth, path):
    answer = client.head(path, headers=auth)
    assert answer.content == b""
    assert int(answer["Content-Length"]) == len(client.get(path, headers=auth).content)


@pytest.mark.parametrize("header", ["authorization", "Authorization", "AUTHORIZATION"])
def test_the_header_is_read_in_any_case(client, header):
    assert client.get("/simple/", headers={header: basic()["authorization"]}).status_code == 200


@pytest.mark.parametrize("path", ["/simple/", "/simple/demo/", f"/packages/{'a' * 64}/demo-1.0.tar.gz", "/legacy/"])
def test_anonymous_callers_are_challenged_everywhere(client, path):
    answer = client.post(path) if path == "/legacy/" else client.get(path)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic realm=")


def test_an_open_index_is_read_by_anybody_and_written_by_nobody(client, configure):
    configure(public_read=True)
    assert client.get("/simple/").status_code == 200
    assert client.post("/legacy/").status_code == 401
    assert client.get("/simple/", headers=basic(password="old")).status_code == 401


def test_a_table_that_does_not_answer_is_503_and_never_an_empty_page(home, auth, monkeypatch, caplog):
    def throttled(*_: object) -> None:
        raise TableUnavailable("The catalogue is busy; try again in a moment.")

    monkeypatch.setattr(read, "project", throttled)
    answer = Client().get("/simple/demo/", headers=auth)
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert answer["X-Request-ID"] in caplog.text


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
def test_an_answer_that_is_too_large_is_an_error_and_not_cut(client, auth, publish, configure):
    for number in range(12):
        publish(*make_wheel("demo", f"1.{number}"))
    configure(largest_answer=1500)  # and there is no bucket that a page could be read from
    answer = client.get("/simple/demo/", headers=auth)
    assert answer.status_code == 500
    assert b"Accept-Encoding: gzip" in answer.content
