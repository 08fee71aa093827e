"""Django's admin as administrators meet it: by sight, on a phone, in the dark, under its policy."""

import re

import pytest

from tests.browser.conftest import BEN, DESKTOP, PHONE, sign_in
from tests.browser.content import PUBLISHER

PAGES = {
    "overview": "/admin/",
    "projects": "/admin/projectface/",
    "project": "/admin/projectface/tidepool/change/",
    "releases": "/admin/releaseface/",
    "files": "/admin/fileface/?project=tidepool",
    "users": "/admin/userface/",
    "new user": "/admin/userface/add/",
    "groups": "/admin/groupface/",
    "publishers": "/admin/publisherface/",
    "publisher": f"/admin/publisherface/{PUBLISHER}/change/",
    "new publisher": "/admin/publisherface/add/",
    "tokens": "/admin/tokenface/",
    "new token": "/admin/tokenface/add/",
    "upload sessions": "/admin/sessionface/",
    "trail": "/admin/eventface/?about=file",
    "reconcile": "/admin/reconcile/",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
class TestEveryPage:
    @pytest.mark.parametrize(
        ("viewport", "color_scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop, light", "phone, dark"]
    )
    def test_axe_finds_no_serious_fault(self, opened, faults, path, viewport, color_scheme):
        # Without the policy, as axe looks at style sheets by means that it forbids.
        page = opened(path, viewport=viewport, color_scheme=color_scheme, bypass_csp=True)
        assert faults(page) == []

    def test_a_phone_shows_it_whole_and_nothing_is_refused_by_the_policy(self, opened, server, path):
        said = []
        page = opened("/healthz", viewport=PHONE)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle")
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_file_is_yanked_from_the_list_and_taken_back(opened):
    page = opened("/admin/fileface/?project=tidepool")
    page.locator("#result_list tbody input[type=checkbox]").first.check()
    page.get_by_label("Action:").select_option("Yank")
    page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_label("Reason:").fill("tried in a browser")
    page.get_by_role("button", name="Yank").click()
    assert page.locator(".messagelist .success").inner_text().startswith("Yanked ")
    page.goto(page.url + "?project=tidepool&state=yanked")
    name = page.locator("#result_list tbody th a").first
    name.click()
    page.get_by_text("tried in a browser").wait_for()
    page.get_by_role("button", name="Un-yank").click()
    page.get_by_role("button", name="Un-yank").click()
    assert page.locator(".messagelist .success").inner_text().startswith("Un-yanked ")


def test_what_is_deleted_must_be_typed_and_can_be_left_alone(opened):
    page = opened("/admin/projectface/tidepool/change/")
    page.get_by_role("button", name="Delete project").click()
    page.get_by_label("To confirm, type: tidepool").fill("tidepol")
    page.get_by_role("button", name="Delete project").click()
    page.get_by_text("Type tidepool exactly, or go back.").wait_for()
    page.get_by_role("link", name="Go back").click()
    page.wait_for_url("**/admin/projectface/")
    page.get_by_role("link", name="tidepool", exact=True).wait_for()


def test_a_pipeline_is_named_and_removed(opened):
    page = opened("/admin/publisherface/")
    page.get_by_role("link", name="Add trusted publisher").click()
    page.get_by_label("Service:").select_option("GitLab CI, https://gitlab.test")
    page.get_by_label("Project:").fill("buoy")
    page.get_by_label("May publish:").fill("buoy")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("is no project of GitLab's").wait_for()
    page.get_by_label("Project:").fill("harbour/buoy")
    page.get_by_role("button", name="Save").click()
    (name,) = re.findall("harbour-buoy-[0-9a-f]{12}", page.locator(".messagelist .success").inner_text())
    page.get_by_role("link", name=name).click()
    page.get_by_text("uploader on buoy").wait_for()
    page.get_by_role("button", name="Remove").click()
    page.get_by_label(f"To confirm, type: {name}").fill(name)
    page.get_by_role("button", name="Remove").click()
    assert page.locator(".messagelist .success").inner_text() == f"Removed {name}."


def test_signing_out_of_the_admin_ends_the_session(chromium, server):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(server.url + "/admin/")
    sign_in(page, BEN)  # signing out ends all sessions of a person, and the other tests are somebody else
    page.wait_for_url(server.url + "/admin/")
    kept = context.storage_state()
    page.get_by_role("button", name="Sign out").click()
    context.add_cookies(kept["cookies"])
    page.goto(server.url + "/admin/")
    assert "/account/sign-in/" in page.url
    context.close()
