"""Real Chromium against a real server on loopback, with an index as a team might have it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.content import GITHUB, GITLAB, publish_all
from tests.clients.servers import PASSWORD, USER, Server

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
BEN = "ben"
"""Another user; signing out ends all sessions of one."""
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PAGES = {
    "home": "/",
    "search": "/search/?q=harbour",
    "project": "/project/tidepool/",
    "release": "/project/tidepool/1.0/",
    "reStructuredText": "/project/seaglass/",
    "hostile": "/project/hostile/",
    "history": "/project/tidepool/history/",
    "account": "/account/",
    "password": "/account/password/",
    "nothing there": "/project/nothing/",
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
    running = Server(
        tmp_path_factory.mktemp("index") / "data",
        PYPI_USERS=json.dumps({BEN: PASSWORD}),
        PYPI_TRUSTED_ISSUERS=f"github={GITHUB},gitlab={GITLAB}",
    )
    publish_all(running, tmp_path_factory.mktemp("dist"))
    assert running.manage("create_token", BEN, "--description", "Releases of tidepool").returncode == 0
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


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, server: Server) -> dict:
    """The cookies of somebody who signed in by the form."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    sign_in(page)
    assert page.url == f"{server.url}/"
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def opened(chromium: Browser, server: Server, signed_in: dict):
    """Open a page: ``opened("/", viewport=PHONE, color_scheme="dark")``; every context is closed at the end.

    Somebody is signed in unless ``storage_state`` is None.
    """
    yield from opening(chromium, server, signed_in)


def opening(chromium: Browser, server: Server, signed_in: object) -> Iterator[Callable[..., Page]]:
    """Yield what opens pages of a server, and close their contexts at the end."""
    contexts = []

    def open_page(path: str, **options: object) -> Page:
        context = chromium.new_context(**{"viewport": DESKTOP, "storage_state": signed_in} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, user: str = USER, password: str = PASSWORD) -> None:
    """Fill in the form that is shown, and send it."""
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in").click()


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
