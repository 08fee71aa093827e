import base64

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from packages_app.accounts.errors import BadCredentials, Forbidden, NotSignedIn
from packages_app.accounts.gate import principal, reads


@pytest.fixture(autouse=True)
def _users(_own_index, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "users": {"ana": "x"}, "public_read": False}


def request(pair: str = "", address: str = "192.0.2.7"):
    headers = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"} if pair else {}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    ("method", "headers", "allowed"),
    [
        pytest.param("POST", {}, True, id="a client that is no browser"),
        pytest.param("POST", {"sec-fetch-site": "same-origin", "origin": "http://testserver"}, True, id="our own page"),
        pytest.param("POST", {"sec-fetch-site": "none"}, True, id="a person"),
        pytest.param("POST", {"origin": "http://testserver"}, True, id="our own page in an old browser"),
        pytest.param("POST", {"sec-fetch-site": "cross-site"}, False, id="another site"),
        pytest.param("DELETE", {"sec-fetch-site": "same-site"}, False, id="a neighbour of ours"),
        pytest.param("POST", {"origin": "https://evil.example"}, False, id="another site in an old browser"),
        pytest.param("POST", {"origin": "null"}, False, id="a page of nowhere"),
        pytest.param("GET", {"sec-fetch-site": "cross-site"}, True, id="a link of another site"),
    ],
)
def test_no_other_site_makes_a_browser_change_something(method, headers, allowed):
    sent = RequestFactory().generic(method, "/legacy/", headers={**headers, **request("ana:x").headers})
    if allowed:
        assert principal(sent).name == "ana"
        return
    with pytest.raises(Forbidden, match="another site"):
        principal(sent)


@reads
def view(_request, word: str) -> HttpResponse:
    return HttpResponse(word)


def test_a_principal_has_a_name_and_an_address():
    found = principal(request("ana:x"))
    assert (found.name, found.address, found.signed_in) == ("ana", "192.0.2.7", True)
    assert not principal(request()).signed_in


def test_a_guarded_view_runs_for_who_may_read():
    assert view(request("ana:x"), "hello").content == b"hello"


@pytest.mark.parametrize(("pair", "error"), [("", NotSignedIn), ("ana:y", BadCredentials)])
def test_a_guarded_view_does_not_run_for_who_may_not(pair, error):
    with pytest.raises(error):
        view(request(pair), "hello")


def test_an_open_index_does_not_overlook_wrong_credentials(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "public_read": True}
    assert view(request(), "hello").content == b"hello"
    with pytest.raises(BadCredentials):
        view(request("ana:y"), "hello")
