"""What every answer has, whatever becomes of its request."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from packages_app.catalogue.errors import NoSuchEntry
from packages_app.middleware import ADMIN_URLS, RequestsAndProblems


def answer(made, *, path: str = "/simple/", method: str = "GET", host: str = "localhost"):
    request = RequestFactory().generic(method, path, headers={"host": host})

    def view(_):
        if isinstance(made, Exception):
            raise made
        return made

    return request, RequestsAndProblems(view)(request)


@pytest.mark.parametrize(
    ("made", "status"),
    [
        pytest.param(HttpResponse("x"), 200, id="an answer"),
        pytest.param(NoSuchEntry("There is none."), 404, id="a refusal"),
        pytest.param(RuntimeError("secret"), 500, id="what nobody expected"),
    ],
)
def test_every_answer_has_an_id_a_length_and_protective_headers(made, status, caplog):
    _, found = answer(made)
    assert found.status_code == status
    assert found["Content-Length"] == str(len(found.content))
    assert b"secret" not in found.content
    assert (found["X-Content-Type-Options"], len(found["X-Request-ID"])) == ("nosniff", 16)
    assert "default-src 'none'" in found["Content-Security-Policy"]


def test_every_request_has_an_id_of_its_own():
    assert len({answer(HttpResponse("x"))[1]["X-Request-ID"] for _ in range(9)}) == 9


def test_headers_of_a_view_stay():
    made = HttpResponse("x", headers={"Content-Security-Policy": "style-src 'self'", "Content-Length": "9"})
    _, found = answer(made)
    assert (found["Content-Security-Policy"], found["Content-Length"]) == ("style-src 'self'", "9")


def test_an_answer_to_head_says_the_length_and_has_no_body():
    _, found = answer(HttpResponse("four"), method="HEAD")
    assert (found["Content-Length"], found.content) == ("4", b"")


@pytest.mark.parametrize("made", [HttpResponse(status=304), HttpResponse(status=204), StreamingHttpResponse([b"x"])])
def test_what_has_no_body_of_its_own_gets_no_length(made):
    assert "Content-Length" not in answer(made)[1]


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        pytest.param("localhost", "/simple/", 200, id="a host of ours"),
        pytest.param("evil.example", "/simple/", 400, id="a strangers' host"),
        pytest.param("192.0.2.1", "/healthz", 200, id="a load balancer that asks by address"),
    ],
)
def test_only_hosts_of_ours_are_answered(host, path, status, caplog):
    assert answer(HttpResponse("x"), path=path, host=host)[1].status_code == status


@pytest.mark.parametrize(
    ("path", "below"), [("/admin/", True), ("/admin/users/", True), ("/admin", False), ("/simple/admin/", False)]
)
def test_only_requests_below_the_admin_have_its_addresses(path, below):
    request, _ = answer(HttpResponse("x"), path=path)
    assert (getattr(request, "urlconf", None) == ADMIN_URLS) is below


@pytest.mark.parametrize(("most", "told"), [(0, False), (10, False), (9, True)])
def test_an_answer_that_cannot_be_sent_is_told(settings, most, told):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "largest_answer": most}
    found = answer(HttpResponse("x" * 10))[1]
    assert (found.status_code == 200, b"ask for less" in found.content) == (not told, told)
