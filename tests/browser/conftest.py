"""Real Chromium against a real server on loopback, with an index as a team might have it."""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.content import publish_all
from tests.clients.servers import PASSWORD, USER, Server

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PAGES = {
    "home": "/",
    "project": "/project/tidepool/",
    "release": "/project/tidepool/1.0/",
    "reStructuredText": "/project/seaglass/",
    "hostile": "/project/hostile/",
    "nothing there": "/project/nothing/",
    "sign in": "/account/sign-in/",
    "account": "/account/",
    "password": "/account/password/",
}
"""What each page is, and where."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here: it needs Chromium."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """An index with projects in it."""
    running = Server(tmp_path_factory.mktemp("index") / "data")
    publish_all(running, tmp_path_factory.mktemp("dist"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("These tests need Chromium: `apt-get install chromium`, or leave them out with `-m 'not browser'`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def session(chromium: Browser, server: Server) -> dict:
    """The cookies of who signed in through the form."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(server.url + "/account/sign-in/")
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(server.url + "/")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def opened(chromium: Browser, server: Server, session: dict):
    """Open a page, signed in: ``opened("/", viewport=PHONE, color_scheme="dark")``; all is closed at the end."""
    contexts = []

    def open_page(path: str, **options: object) -> Page:
        context = chromium.new_context(
            **{"viewport": DESKTOP, "storage_state": session} | options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def faults():
    """Return what axe-core finds to be a serious fault of a page, one line each."""
    axe = Axe()

    def find(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [
            f"{fault['impact']} {fault['id']}: {node['html'][:200]}"
            for fault in found
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]

    return find
