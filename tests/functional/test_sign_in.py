"""People sign in with a browser: the form, the session, its end, and what may be done with it."""

import re
import time

import pytest
from django.test import Client

from packages_app.accounts import read
from packages_app.accounts.entries import User
from packages_app.accounts.roles import Action
from packages_app.accounts.tokens.read import page_of, token
from packages_app.accounts.tokens.write import create
from packages_app.accounts.write import change_user, create_user, set_password
from packages_app.audit.read import events
from tests.factories import make_wheel
from tests.functional import accounts
from tests.functional.accounts import CHANGE
from tests.functional.conftest import PASSWORD, USER, basic

WORDS = "correct horse battery"
LATER = "another horse battery"


class Browser:
    """A browser that keeps cookies, reads forms, and tells where a form comes from."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=True, headers={"accept": "text/html"})

    def get(self, path: str, **headers: str):
        return self.client.get(path, headers=headers)

    def send(self, path: str, *, page: str = "", **fields):
        """Send the form of a page, with its hidden fields."""
        shown = self.client.get(page or path).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
        return self.client.post(path, {**hidden, **fields})

    def sign_in(self, username: str = "eve", password: str = WORDS, **fields):
        return self.send("/account/sign-in/", username=username, password=password, **fields)


@pytest.fixture
def browser(home) -> Browser:
    create_user(User(name="eve", email="eve@mail.example"), password=WORDS, change=CHANGE)
    return Browser()


one_home = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)


def test_a_person_signs_in_looks_at_their_account_and_signs_out(browser):
    assert browser.get("/account/")["Location"] == "/account/sign-in/?next=%2Faccount%2F"
    answer = browser.send("/account/sign-in/", page="/account/sign-in/?next=/account/", username="eve", password=WORDS)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    shown = browser.get("/account/")
    assert "eve@mail.example" in shown.text
    assert shown["Cache-Control"] == "no-store"
    assert browser.send("/account/sign-out/", page="/account/").status_code == 302
    assert browser.get("/account/").status_code == 302


@pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)
@pytest.mark.parametrize(
    ("username", "password"),
    [(USER, PASSWORD), (" Eve ", WORDS)],
    ids=["a configured user", "an account, in another spelling of its name"],
)
def test_both_kinds_of_users_sign_in(browser, username, password):
    assert browser.sign_in(username, password).status_code == 302
    assert browser.get("/account/").status_code == 200


@one_home
@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("eve", "guessed"),
        ("eve", ""),
        ("nobody", WORDS),
        ("gone", WORDS),
        ("bot", ""),
        ("bot", WORDS),
        (USER, "guessed"),
        ("__token__", WORDS),
        ("e" * 300, WORDS),
        ("eve\x00", WORDS),
        ("eve", "x" * 2000),
        ("\u202eeve", WORDS),
        ("👩", "👩" * 5),
    ],
)
def test_wrong_credentials_are_one_sentence_that_tells_nothing(browser, username, password):
    create_user(User(name="gone", disabled=True), password=WORDS, change=CHANGE)
    create_user(User(name="bot"), password=None, change=CHANGE)
    answer = browser.sign_in(username, password)
    assert answer.status_code in {400, 403}
    assert "epypi_session" not in answer.cookies
    assert password not in answer.text or not password
    if answer.status_code == 403:
        assert "is wrong, or the account is disabled" in answer.text


@one_home
def test_cookies_are_kept_from_scripts_other_sites_and_plain_http(browser):
    answer = browser.sign_in()
    for name in ("epypi_session", "epypi_csrf"):
        cookie = answer.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    secure = Client(enforce_csrf_checks=False)
    answer = secure.post("/account/sign-in/", {"username": "eve", "password": WORDS}, secure=True)
    assert answer.cookies["epypi_session"]["secure"]


@one_home
def test_a_session_holds_no_secret(browser):
    browser.sign_in()
    session = browser.client.session
    assert set(session.keys()) == {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}
    user = read.user("eve")
    assert not {WORDS, user.password, user.nonce} & {str(value) for value in session.values()}


def test_a_cookie_is_of_no_use_after_signing_out(browser):
    browser.sign_in()
    kept = browser.client.cookies["epypi_session"].value
    browser.send("/account/sign-out/", page="/account/")
    thief = Browser()
    thief.client.cookies["epypi_session"] = kept
    assert thief.get("/account/").status_code == 302


def test_the_trail_has_who_signed_in_and_out_and_from_where(browser):
    browser.sign_in(password="wrong")
    browser.sign_in()
    browser.send("/account/sign-out/", page="/account/")
    found = [each for each in events(time.strftime("%Y-%m", time.gmtime())) if each.actor == "eve"]
    told = [(each.action, each.target, each.address, each.source) for each in found]
    assert told == [("user.sign-out", "eve", "127.0.0.1", "browser"), ("user.sign-in", "eve", "127.0.0.1", "browser")]


@one_home
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda user: set_password(user, LATER, change=CHANGE), id="the password is another"),
        pytest.param(
            lambda user: change_user(user, User(name="eve", disabled=True), change=CHANGE), id="the user is disabled"
        ),
    ],
)
def test_a_session_ends_when(browser, change):
    browser.sign_in()
    assert browser.get("/account/").status_code == 200
    change(read.user("eve"))
    assert browser.get("/account/").status_code == 302


@one_home
def test_a_session_of_a_configured_user_ends_with_their_password(browser, configure):
    browser.sign_in(USER, PASSWORD)
    assert browser.get("/account/").status_code == 200
    configure(users={USER: "another"})
    assert browser.get("/account/").status_code == 302


@one_home
@pytest.mark.parametrize(("administrator", "hours", "status"), [(False, 5, 200), (False, 13, 302), (True, 5, 302)])
def test_a_session_ends_after_hours_and_sooner_for_administrators(browser, monkeypatch, administrator, hours, status):
    create_user(User(name="zoe", administrator=administrator), password=WORDS, change=CHANGE)
    browser.sign_in("zoe")
    later = time.time() + hours * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert browser.get("/account/").status_code == status


@one_home
@pytest.mark.parametrize("value", ["", "garbage", "e30:1abcde:AAAA", "\u00e9", "x" * 5000])
def test_a_forged_cookie_is_nobody(browser, value):
    browser.client.cookies["epypi_session"] = value
    assert browser.get("/account/").status_code == 302


@one_home
@pytest.mark.parametrize(
    ("target", "led"),
    [
        ("/account/password/", "/account/password/"),
        ("/project/demo/?x=1#y", "/project/demo/?x=1#y"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http:evil.example", "/"),
        ("http://testserver/account/", "/"),
        ("\x00/account/", "/"),
        ("account/", "/"),
    ],
)
def test_after_signing_in_nobody_is_led_elsewhere(browser, target, led):
    assert browser.sign_in(next=target)["Location"] == led


@one_home
@pytest.mark.parametrize("path", ["/account/sign-in/", "/account/sign-out/", "/account/", "/account/password/"])
def test_a_form_that_did_not_come_from_here_is_refused(browser, path):
    browser.sign_in()
    answer = browser.client.post(path, {"username": "eve", "password": WORDS})
    assert answer.status_code == 403
    assert "did not come from a page of this index" in answer.text
    assert browser.get("/account/").status_code == 200


@one_home
def test_a_form_sent_by_another_site_is_refused_even_with_the_right_token(browser):
    browser.sign_in()
    shown = browser.get("/account/").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
    answer = browser.client.post("/account/sign-out/", hidden, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


@one_home
@pytest.mark.parametrize(("method", "path"), [("get", "/account/sign-out/"), ("put", "/account/sign-in/")])
def test_other_methods_are_refused(browser, method, path):
    browser.sign_in()
    answer = getattr(Client(raise_request_exception=False), method)(path)
    assert (answer.status_code, "POST" in answer["Allow"]) == (405, True)
    assert f"only {answer['Allow']}" in answer.text


@one_home
def test_doors_of_machines_know_no_session(browser, publish):
    publish(*make_wheel())
    browser.sign_in(USER, PASSWORD)
    assert browser.get("/api/projects").status_code == 401
    assert browser.client.post("/simple/").status_code == 401
    assert browser.client.post("/legacy/").status_code == 401
    assert browser.client.post("/").status_code == 401


def test_a_person_reads_simple_pages_of_what_they_may_read(browser, publish):
    publish(*make_wheel("acme-core"))
    publish(*make_wheel("other"))
    accounts.user("fay", reader="acme-*")
    set_password(read.user("fay"), WORDS, change=CHANGE)
    assert browser.get("/simple/").status_code == 401
    browser.sign_in("fay")
    assert "acme-core" in browser.get("/simple/").text
    assert "other" not in browser.get("/simple/").text
    assert [browser.get(f"/simple/{name}/").status_code for name in ("acme-core", "other")] == [200, 404]


def test_a_person_downloads_what_they_may_read_by_a_link_on_a_page(browser, publish):
    publish(*make_wheel("acme-core"))
    publish(*make_wheel("other"))
    accounts.user("fay", reader="acme-*")
    set_password(read.user("fay"), WORDS, change=CHANGE)
    browser.sign_in("fay")
    found = {}
    for name in ("acme-core", "other"):
        page = Client().get(f"/simple/{name}/", headers={**basic(), "accept": "text/html"}).text
        answer = browser.get(re.search(r'href="../..(/packages/[^#"]+)', page)[1])
        answer.close()
        found[name] = answer.status_code
    assert found["acme-core"] in {200, 302}
    assert found["other"] == 404
    assert browser.get("/project/acme-core/").status_code == 200
    assert browser.get("/project/other/").status_code == 404


def test_a_person_makes_a_token_uses_it_and_revokes_it(browser, publish, client):
    accounts.give("eve", uploader="*")
    browser.sign_in()
    fields = {"description": "CI <b>", "actions": ["read", "upload"], "patterns": "Acme_* demo", "days": "30"}
    made = browser.send("/account/", **fields)
    text = re.search(r"epypi_[0-9a-zA-Z]{65}", made.text)[0]
    assert "CI &lt;b&gt;" in made.text
    assert text not in browser.get("/account/").text
    assert publish(*make_wheel(), headers=basic("__token__", text)).status_code == 200
    found = token(text[6:22])
    assert (found.owner, found.patterns) == ("eve", ("acme-*", "demo"))
    assert next(iter(events(time.strftime("%Y-%m", time.gmtime())))).actor == "eve"
    browser.send(f"/account/tokens/{found.id}/revoke/", page="/account/")
    assert client.get("/simple/", headers=basic("__token__", text)).status_code == 401
    assert "revoked" in browser.get("/account/").text


@one_home
@pytest.mark.parametrize(
    "fields",
    [
        {"actions": []},
        {"actions": ["everything"]},
        {"patterns": "a/b"},
        {"patterns": ""},
        {"networks": "here"},
        {"days": "9999"},
        {"description": "x" * 201},
        {"description": ""},
    ],
    ids=[
        "no action",
        "an action that there is not",
        "a pattern that is none",
        "no pattern",
        "a network that is none",
        "too many days",
        "a description that is too long",
        "no description",
    ],
)
def test_a_token_that_cannot_be_loses_nothing_of_the_form(browser, fields):
    browser.sign_in()
    sent = {"description": "for CI", "actions": ["read"], "patterns": "acme-*", "days": "30", **fields}
    answer = browser.send("/account/", **sent)
    assert answer.status_code == 400
    assert 'class="error' in answer.text
    assert "No token was made" in answer.text  # above the list, which can be longer than a screen
    assert page_of("eve").tokens == ()
    if "patterns" not in fields:
        assert "acme-*" in answer.text


@one_home
def test_nobody_revokes_or_sees_a_token_of_somebody_else(browser):
    headers = accounts.token(USER)
    other = page_of(USER).tokens[0]
    browser.sign_in()
    assert other.id not in browser.get("/account/").text
    assert browser.send(f"/account/tokens/{other.id}/revoke/", page="/account/").status_code == 404
    assert token(other.id).state == "active"
    assert Client().get("/account/", headers=headers).status_code == 302  # a token makes no others


@one_home
def test_what_a_token_may_is_told_in_an_order_that_does_not_change(browser):
    create("eve", actions=frozenset(Action), patterns=("*",), change=CHANGE)
    browser.sign_in()
    shown = " ".join(browser.get("/account/").text.split())
    assert "may administer, delete, manage, read, upload, yank</li>" in shown
    assert "without a description" in shown


@one_home
def test_a_person_changes_their_password_and_stays_signed_in_here_only(browser):
    browser.sign_in()
    elsewhere = Browser()
    elsewhere.sign_in()
    for current, again, says in (("wrong", LATER, "not your password"), (WORDS, "differs in it", "differ")):
        answer = browser.send("/account/password/", current=current, new=LATER, again=again)
        assert answer.status_code == 400
        assert says in answer.text
    answer = browser.send("/account/password/", current=WORDS, new=LATER, again=LATER)
    assert answer.status_code == 302
    assert "Your password was changed" in browser.get(answer["Location"]).text
    assert next(each.action for each in events(time.strftime("%Y-%m", time.gmtime()))) == "user.password"
    assert browser.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert Browser().sign_in("eve", WORDS).status_code == 403
    assert Browser().sign_in("eve", LATER).status_code == 302


@one_home
def test_the_password_of_a_configured_user_is_changed_in_the_settings(browser):
    browser.sign_in(USER, PASSWORD)
    assert "PYPI_PASSWORD" in browser.get("/account/password/").text
    answer = browser.client.get("/account/")
    assert "Change password" not in answer.text


@one_home
def test_guesses_are_throttled_and_the_page_says_so(browser):
    for _ in range(30):
        assert browser.client.post("/account/sign-in/", {}).status_code == 403  # forged forms are no guesses
    for number in range(30):
        assert browser.sign_in("eve", f"guess {number}").status_code == 403
    answer = browser.sign_in("eve", WORDS)
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert "Too many" in answer.text
