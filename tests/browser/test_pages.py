"""Pages as people meet them: by sight, by keyboard, by screen reader, on a phone, in the dark, without JavaScript."""

import pytest

from tests.browser.conftest import DESKTOP, PAGES, PHONE


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
class TestEveryPage:
    @pytest.mark.parametrize(
        ("viewport", "color_scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop, light", "phone, dark"]
    )
    def test_axe_finds_no_serious_fault_and_it_is_seen_whole(self, opened, faults, path, viewport, color_scheme):
        # Without the policy, as axe looks at style sheets by means that it forbids.
        page = opened(path, viewport=viewport, color_scheme=color_scheme, bypass_csp=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert page.locator("h1").count() == 1
        assert page.title().endswith("Package index")
        assert faults(page) == []

    def test_nothing_is_refused_by_the_policy_and_nothing_asked_of_others(self, opened, server, path):
        said, asked = [], []
        page = opened("/healthz")
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(server.url + path, wait_until="load")
        assert [text for text in said if "404" not in text] == []
        assert [url for url in asked if not url.startswith((server.url, "data:"))] == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_sign_in_form_is_as_fit_as_the_other_pages(opened, faults, viewport):
    page = opened("/", viewport=viewport, storage_state=None, bypass_csp=True)
    assert "/account/sign-in/" in page.url
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_dark_is_dark_and_light_is_light(opened):
    def brightness(color_scheme: str) -> int:
        page = opened("/", color_scheme=color_scheme)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))

    assert brightness("dark") < 150
    assert brightness("light") > 600


def test_the_keyboard_skips_to_the_content(opened):
    page = opened("/project/tidepool/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_everything_works_without_javascript(opened):
    page = opened("/project/tidepool/", java_script_enabled=False)
    page.get_by_text("older versions").click()
    page.get_by_role("link", name="1.1", exact=True).click()
    assert page.get_by_text("This is not the newest release").is_visible()
    page.locator("summary", has_text="Hashes").first.click()
    assert page.locator(".hashes").first.is_visible()


def test_a_click_selects_the_whole_command(opened):
    page = opened("/project/tidepool/")
    page.locator(".command code").first.click()
    command = page.evaluate("getSelection().toString()").strip()
    assert command.startswith("pip install --index-url http://127.0.0.1:")
    assert command.endswith("/simple/ tidepool")


def test_a_hostile_description_stays_within_its_place(opened):
    page = opened("/project/hostile/")
    box, page_box = page.locator(".readme").bounding_box(), page.locator("main").bounding_box()
    assert page_box["x"] <= box["x"]
    assert page.locator(".readme .note, .readme script, .readme svg, .readme img, .readme [style]").count() == 0
    assert page.locator("#content").count() == 1
