"""Who comes into the admin, how they leave it, and what of it others pay for; under a stage's prefix too."""

import re

import pytest
from django.test import Client
from django.urls import set_script_prefix

from packages_app.accounts.entries import Grant, Subject, SubjectKind, User
from packages_app.accounts.grants import grant
from packages_app.accounts.read import user
from packages_app.accounts.roles import Role
from packages_app.accounts.write import change_user, create_user
from tests.functional.accounts import CHANGE, token
from tests.functional.administrator import Administrator, hidden, text
from tests.functional.conftest import PASSWORD, USER, basic

pytestmark = pytest.mark.parametrize("home", ["embedded and folder"], indirect=True)

WORDS = "correct horse battery"
PAGES = ("", "projectface/", "projectface/demo/change/", "userface/cleo/change/", "reconcile/", "jsi18n/", "nonsense/")


@pytest.fixture
def browser(home) -> Client:
    """A browser whose person is not signed in; cleo is a maintainer of everything."""
    create_user(User(name="cleo"), password=WORDS, change=CHANGE)
    cleo = Subject(SubjectKind.USER, "cleo")
    grant(Grant(subject=cleo, pattern="*", role=Role.MAINTAINER), change=CHANGE)
    return Client(raise_request_exception=False, enforce_csrf_checks=True, headers={"accept": "text/html"})


def sign_in(browser: Client, name: str, password: str, **query: str):
    form = hidden(browser.get("/account/sign-in/", query))
    return browser.post("/account/sign-in/", {**form, **query, "username": name, "password": password})


def test_an_administrator_signs_in_on_the_way_to_the_admin_and_signs_out_there(browser):
    answer = browser.get("/admin/projectface/?q=de")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/account/sign-in/?next=%2Fadmin%2Fprojectface%2F%3Fq%3Dde",
    )
    assert sign_in(browser, USER, PASSWORD, next="/admin/projectface/?q=de")["Location"] == "/admin/projectface/?q=de"
    page = browser.get("/admin/")
    assert page.status_code == 200
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert 'action="/account/sign-out/"' in text(page)
    assert 'href="/account/password/"' in text(page)
    cookie = browser.cookies["epypi_session"].value
    assert browser.post("/account/sign-out/", hidden(page)).status_code == 302
    assert browser.get("/admin/").status_code == 302
    browser.cookies["epypi_session"] = cookie
    assert browser.get("/admin/").status_code == 302, "a cookie that was copied before does not come back"


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_no_administrator_is_refused_on_every_page(browser, path):
    sign_in(browser, "cleo", WORDS)
    answer = browser.get(f"/admin/{path}")
    assert answer.status_code == 403
    assert "You may not do this here." in text(answer)


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_where_they_can(browser, path):
    answer = browser.get(f"/admin/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-in/")


@pytest.mark.parametrize("headers", [basic(), None], ids=["a password", "a token"])
def test_credentials_of_machines_open_no_page(browser, headers):
    given = headers or token("ana")
    assert browser.get("/admin/", headers=given).status_code == 302


def test_who_is_made_an_administrator_comes_in_and_who_is_not_any_more_goes_out(browser):
    change_user(user("cleo"), User(name="cleo", administrator=True), change=CHANGE)
    sign_in(browser, "cleo", WORDS)
    assert browser.get("/admin/").status_code == 200
    change_user(user("cleo"), User(name="cleo"), change=CHANGE)
    assert browser.get("/admin/").status_code == 403
    change_user(user("cleo"), User(name="cleo", administrator=True, disabled=True), change=CHANGE)
    assert browser.get("/admin/").status_code in {302, 403}


def test_administrators_are_shown_the_way_to_the_admin_and_nobody_else_is(browser):
    sign_in(browser, "cleo", WORDS)
    assert "Administration" not in text(browser.get("/"))
    assert 'href="/admin/">Administration<' in text(Administrator().client.get("/"))


def test_the_address_without_its_slash_leads_to_the_admin(home):
    answer = Administrator().client.get("/admin")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.fixture
def under_dev():
    """Requests come below a stage's address, as a server tells them."""
    set_script_prefix("/dev/")
    yield {"SCRIPT_NAME": "/dev"}
    set_script_prefix("/")


def test_every_address_of_a_page_begins_with_the_stages_prefix(home, under_dev):
    admin = Administrator()
    create_user(User(name="cleo"), password=None, change=CHANGE)
    for path in ("", "userface/", "userface/cleo/change/", "userface/add/", "eventface/", "reconcile/"):
        page = admin.client.get(f"/admin/{path}", **under_dev)
        assert page.status_code == 200, path
        addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', text(page))
        assert len(addresses) > 10
        assert [address for address in addresses if not address.startswith("/dev/")] == [], path
    moved = admin.client.get("/admin/userface/cleo/history/", **under_dev)
    assert moved["Location"].startswith("/dev/admin/eventface/?")
    away = Client().get("/admin/", **under_dev)
    assert away["Location"] == "/dev/account/sign-in/?next=%2Fdev%2Fadmin%2F"
