"""Which requests are a person's browser following a link, and what cookies are for https."""

import time

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import RequestFactory

from packages_app.accounts import sessions


def request(path: str, method: str = "GET", *, cookie: bool = True, secure: bool = False, **headers: str):
    made = RequestFactory().generic(method, path, secure=secure, headers=headers)
    if cookie:
        made.COOKIES[configured.SESSION_COOKIE_NAME] = "signed"
    return made


@pytest.mark.parametrize(
    ("made", "follows"),
    [
        pytest.param(request("/packages/a/b.whl"), True, id="a file"),
        pytest.param(request("/simple/demo/", "HEAD"), True, id="a simple page"),
        pytest.param(request("/simple/demo/", cookie=False), False, id="an installer, which has no cookie"),
        pytest.param(request("/simple/demo/", authorization="Basic x"), False, id="who shows credentials"),
        pytest.param(request("/simple/", "POST"), False, id="an upload, whatever cookies come with it"),
        pytest.param(request("/legacy/"), False, id="a door for uploads"),
        pytest.param(request("/api/projects"), False, id="the API"),
        pytest.param(request("/upload/"), False, id="upload sessions"),
    ],
)
def test_a_browser_follows_links_to_files_and_simple_pages_only(made, follows):
    assert sessions.follows_a_link(made) is follows


@pytest.mark.parametrize(("secure", "marked"), [(True, True), (False, "")])
def test_cookies_are_for_https_where_the_request_came_by_it(secure, marked):
    response = HttpResponse()
    for name in (configured.SESSION_COOKIE_NAME, configured.CSRF_COOKIE_NAME):
        response.set_cookie(name, "x")
    sessions.secured(request("/", secure=secure), response)
    assert [cookie["secure"] for cookie in response.cookies.values()] == [marked] * 2


class Session(dict):
    flushed = False

    def flush(self) -> None:
        self.flushed = True


@pytest.mark.parametrize(
    ("held", "flushed"),
    [
        pytest.param({}, False, id="a session without an end of its own"),
        pytest.param({sessions.ENDS: time.time() + 60}, False, id="before its end"),
        pytest.param({sessions.ENDS: time.time() - 1}, True, id="after it"),
    ],
)
def test_a_session_ends_when_it_was_said_to(held, flushed):
    made = request("/")
    made.session = Session(held)
    sessions.while_it_lasts(lambda _: HttpResponse())(made)
    assert made.session.flushed is flushed


def test_an_administrators_session_ends_sooner():
    made = request("/")
    made.session = Session()
    sessions.begin(made, administers=False)
    assert made.session == {}
    sessions.begin(made, administers=True)
    assert 0 <= time.time() + sessions.ADMINISTERS_SECONDS - made.session[sessions.ENDS] < 60
