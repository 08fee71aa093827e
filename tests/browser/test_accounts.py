"""What people do with their accounts, by clicking."""

import base64

from tests.browser.conftest import BEN, PHONE, sign_in


def test_a_person_signs_in_browses_downloads_and_signs_out(opened, server):
    page = opened("/project/tidepool/", storage_state=None, java_script_enabled=False)
    sign_in(page, BEN, "wrong")
    assert page.get_by_role("alert").inner_text().startswith("The user name or the password is wrong")
    sign_in(page, BEN)
    assert page.url == f"{server.url}/project/tidepool/"
    with page.expect_download() as download:
        page.get_by_role("link", name="tidepool-2.2.tar.gz").click()
    assert download.value.path().stat().st_size > 40
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{server.url}/project/tidepool/")
    assert "/account/sign-in/" in page.url


def test_a_person_makes_a_token_that_works_until_it_is_revoked(opened, server):
    page = opened("/account/", viewport=PHONE, java_script_enabled=False)
    page.get_by_label("What it is for").fill("this test")
    page.get_by_role("button", name="Make token").click()
    text = page.locator(".token").inner_text().strip()
    header = "Basic " + base64.b64encode(f"__token__:{text}".encode()).decode()
    assert server.get("/simple/tidepool/", Authorization=header)[0] == 200
    page.get_by_role("button", name="Revoke the token for this test").click()
    assert page.get_by_text("revoked", exact=True).is_visible()
    page.reload()
    assert text not in page.content()


def test_search_leads_to_a_project(opened):
    page = opened("/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("afloat")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="buoy").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("buoy")
