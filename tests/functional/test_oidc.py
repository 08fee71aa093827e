"""People sign in by an OpenID Connect provider that runs here, with real keys."""

import json
import re
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from packages_app.accounts import read
from packages_app.accounts.entries import Group, Principal, User
from packages_app.accounts.oidc import provider as keeping
from packages_app.accounts.permissions import Action, may
from packages_app.accounts.write import change_user, create_group, create_user, set_password
from packages_app.audit.read import events
from packages_app.conf import OpenIdConnect
from tests.fakes.provider import CLIENT, SECRET, Provider
from tests.functional.accounts import CHANGE
from tests.functional.test_sign_in import Browser

GROUPS = {"devs": (("uploader", "acme-*"),), "staff": (("administrator", "*"),)}
one_home = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


@pytest.fixture(scope="module")
def running():
    made = Provider()
    yield made
    made.close()


@pytest.fixture
def provider(running, home, configure):
    """The provider as it should be, in the settings."""
    fresh = dict(running.person)
    running.claims, running.document, running.sign, running.status, running.asked = {}, {}, None, 200, []
    configure(oidc=OpenIdConnect(issuer=running.issuer, client_id=CLIENT, client_secret=SECRET, groups=GROUPS))
    yield running
    running.person = fresh


@pytest.fixture
def browser(provider):
    return Browser()


def off(browser: Browser, target: str = "/account/") -> str:
    """Go off to the provider, and return its address."""
    answer = browser.get(f"/account/sign-in/provider/?next={target}")
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def back(browser: Browser, provider: Provider, url: str, **changes: str):
    """Come back from the provider with a code."""
    state = parse_qs(urlsplit(url).query)["state"][0]
    query = {"code": provider.authorize(url), "state": state, **changes}
    return browser.client.get("/account/sign-in/provider/back/", query)


def test_a_person_signs_in_and_is_the_same_user_the_next_time(browser, provider):
    assert "/account/sign-in/provider/" in browser.get("/account/sign-in/").text
    answer = back(browser, provider, off(browser))
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert "fay@mail.example" in browser.get("/account/").text
    user = read.user("fay")
    assert (user.display_name, user.groups, user.password) == ("Fay Example", ("oidc.devs",), "")
    assert may(Principal(name="fay"), Action.UPLOAD, "acme-core")
    assert not may(Principal(name="fay"), Action.READ, "other")
    found = [(each.action, each.target, each.source) for each in events(time.strftime("%Y-%m", time.gmtime()))]
    assert found == [("user.sign-in", "fay", "oidc"), ("user.create", "fay", "oidc")]
    provider.person |= {"preferred_username": "someone-else", "groups": ["staff"], "email": "new@mail.example"}
    again = Browser()
    assert back(again, provider, off(again)).status_code == 302
    assert [each.name for each in read.users() if not each.configured] == ["fay"]
    assert (read.user("fay").groups, read.user("fay").email) == (("oidc.staff",), "new@mail.example")
    assert may(Principal(name="fay"), Action.ADMINISTER)


@one_home
@pytest.mark.parametrize(
    ("called", "name"),
    [
        pytest.param("ana", r"ana-[0-9a-f]{8}", id="a configured user"),
        pytest.param("Eve", r"eve-[0-9a-f]{8}", id="an account of this index"),
        pytest.param("Zoë <Q>", "zo-q", id="characters that no name has"),
        pytest.param("", "fay", id="nothing, but an address"),
        pytest.param("__token__", "token", id="the user that tokens come with"),
        pytest.param(None, "fay", id="nothing at all"),
        pytest.param("\u202e", "fay", id="nothing that can be shown"),
        pytest.param("!!!", r"user-[0-9a-f]{8}", id="nothing that a name is made of"),
    ],
)
def test_nobody_becomes_somebody_else_by_being_called_so(browser, provider, called, name):
    create_user(User(name="eve", administrator=True), password=None, change=CHANGE)
    provider.claims = {"preferred_username": called}
    assert back(browser, provider, off(browser)).status_code == 302
    assert re.fullmatch(name, browser.client.session["_auth_user_id"])


@one_home
def test_who_has_no_password_is_told_so_and_asked_for_none(browser, provider):
    back(browser, provider, off(browser))
    assert "Change password" not in browser.get("/account/").text
    page = browser.get("/account/password/").text
    assert "You have no password here" in page
    assert 'type="password"' not in page
    set_password(read.user("fay"), "correct horse battery", change=CHANGE)
    again = Browser()
    back(again, provider, off(again))
    assert 'type="password"' in again.get("/account/password/").text


@one_home
def test_groups_of_this_index_stay_and_those_of_the_provider_follow_it(browser, provider):
    back(browser, provider, off(browser))
    create_group(Group(name="local"), change=CHANGE)
    user = read.user("fay")
    change_user(user, User(name="fay", groups=("local", "oidc.devs")), change=CHANGE)
    provider.person["groups"] = []
    back(browser, provider, off(browser))
    assert read.user("fay").groups == ("local",)


@one_home
def test_a_disabled_user_is_not_signed_in(browser, provider):
    back(browser, provider, off(browser))
    change_user(read.user("fay"), User(name="fay", disabled=True), change=CHANGE)
    again = Browser()
    answer = back(again, provider, off(again))
    assert (answer.status_code, "disabled" in answer.text) == (403, True)
    assert again.get("/account/").status_code == 302


def signed_by_another(claims):
    return jwt.encode(claims, rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256", {"kid": "one"})


def without_signature(claims):
    return jwt.encode(claims, None, "none", {"kid": "one"})


def by_the_secret(claims):
    return jwt.encode(claims, f"{SECRET}-long-enough-for-a-hash-of-32-bytes", "HS256", {"kid": "one"})


def by_a_key_that_is_not_there(claims):
    return jwt.encode(claims, "x" * 32, "HS256", {"kid": "two"})


NOW = int(time.time())


@one_home
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"iss": "https://evil.example"}, id="another issuer"),
        pytest.param({"aud": "another"}, id="another audience"),
        pytest.param({"aud": [CLIENT, "another"]}, id="several audiences and nobody in particular"),
        pytest.param({"aud": [CLIENT, "another"], "azp": "another"}, id="for another client"),
        pytest.param({"azp": "another"}, id="authorized for another"),
        pytest.param({"exp": NOW - 3600, "iat": NOW - 7200}, id="expired"),
        pytest.param({"exp": None}, id="no end"),
        pytest.param({"iat": NOW + 3600}, id="from the future"),
        pytest.param({"nonce": "another"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"sub": None}, id="nobody"),
        pytest.param({"sub": ""}, id="an empty subject"),
        pytest.param({"sub": "x" * 300}, id="an endless subject"),
        pytest.param(signed_by_another, id="another key"),
        pytest.param(without_signature, id="no signature"),
        pytest.param(by_the_secret, id="a signature that readers of the secret could make"),
        pytest.param(by_a_key_that_is_not_there, id="a key that the provider does not have"),
        pytest.param(lambda _: "nonsense", id="no token"),
        pytest.param(lambda _: 7, id="not even a text"),
    ],
)
def test_a_token_that_is_not_right_signs_nobody_in(browser, provider, wrong):
    if callable(wrong):
        provider.sign = wrong
    else:
        provider.claims = wrong
    answer = back(browser, provider, off(browser))
    assert answer.status_code == 403
    assert browser.get("/account/").status_code == 302
    assert [each.name for each in read.users() if not each.configured] == []


@one_home
@pytest.mark.parametrize(
    "changes",
    [{"state": "another"}, {"state": ""}, {"code": ""}, {"state": "é"}, {"error": "access_denied"}],
    ids=["another state", "no state", "no code", "a state beyond ASCII", "the person said no"],
)
def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(browser, provider, changes):
    refused = back(browser, provider, off(browser), **changes)
    assert refused.status_code == 403
    assert '<a href="/account/sign-in/">begin again</a>' in " ".join(refused.text.split())
    assert browser.get("/account/").status_code == 302


@one_home
def test_an_answer_is_of_no_use_in_another_browser_or_twice_or_late(browser, provider, monkeypatch):
    url = off(browser)
    assert back(Browser(), provider, url).status_code == 403
    assert back(browser, provider, url).status_code == 302
    assert back(browser, provider, url).status_code == 403
    late = Browser()
    url = off(late)
    later = time.time() + 700
    monkeypatch.setattr("packages_app.accounts.oidc.views.time.time", lambda: later)
    assert back(late, provider, url).status_code == 403


@one_home
def test_a_cookie_tells_nothing_that_the_flow_relies_on(browser, provider):
    query = parse_qs(urlsplit(off(browser)).query)
    kept = json.dumps(dict(browser.client.session.items()))
    assert query["nonce"][0] not in kept
    assert query["redirect_uri"] == ["http://testserver/account/sign-in/provider/back/"]
    assert query["tenant"] == ["1"]


@one_home
@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "ftp://evil.example/keys"},
        {"token_endpoint": None},
        {"jwks_uri": "http://[::1/keys"},
    ],
    ids=[
        "another issuer",
        "people are sent to plain HTTP",
        "the secret is sent by plain HTTP",
        "keys by FTP",
        "nowhere to exchange codes at",
        "keys at what is no address",
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(browser, provider, document, caplog):
    provider.document = document
    assert browser.get("/account/sign-in/provider/").status_code == 503


@one_home
@pytest.mark.parametrize("issuer", ["http://provider.example", "https://127.0.0.1:1/", "ftp://x", "nonsense"])
def test_a_provider_that_cannot_be_reached_safely_is_503_and_passwords_go_on(browser, configure, issuer, caplog):
    configure(oidc=OpenIdConnect(issuer=issuer, client_id=CLIENT))
    assert browser.get("/account/sign-in/provider/").status_code == 503
    assert '<a href="/account/sign-in/">' in browser.get("/account/sign-in/provider/").text
    assert browser.get("/account/sign-in/").status_code == 200


@one_home
def test_keys_are_kept_and_looked_up_anew_when_they_changed(browser, provider, monkeypatch):
    back(browser, provider, off(browser))
    back(browser, provider, off(browser))
    assert provider.asked.count("/realm/keys") == 1
    before = provider.key
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    monkeypatch.setattr(
        provider,
        "keys",
        lambda: {"keys": [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(provider.key.public_key())), "kid": "two"}]},
    )
    provider.sign = lambda claims: jwt.encode(claims, provider.key, "RS256", {"kid": "two"})
    assert back(browser, provider, off(browser)).status_code == 403  # it asked less than a minute ago
    monkeypatch.setattr(keeping, "BETWEEN", 0.0)
    assert back(browser, provider, off(browser)).status_code == 302
    provider.key = before


@one_home
def test_without_a_provider_there_is_nothing(client):
    for path in ("/account/sign-in/provider/", "/account/sign-in/provider/back/"):
        assert client.get(path).status_code == 404
    assert "organisation" not in Client().get("/account/sign-in/").text
