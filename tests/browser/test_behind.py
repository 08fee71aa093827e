"""Pages of what another index has, and of what of it is not shown, as people meet them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import DESKTOP, PHONE, opening, sign_in
from tests.clients.servers import Server
from tests.clients.uploads import publish
from tests.factories import make_wheel
from tests.fakes.upstream import FakeUpstream

LONG = "harbour-" + "-".join(["a-name-that-is-longer-than-any-phone-is-wide"] * 3)
POLICY = [{"cooldown_days": 7, "deny": ["harbour<1", "closed", f"{LONG}<2"], "hide_yanked": True}]
MALWARE = {
    "id": "MAL-2026-0001",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "harbour"}, "versions": ["1.3"]}],
}
PAGES = {
    "some files hidden": "/project/harbour/",
    "a release of it": "/project/harbour/1.1/",
    "every file hidden": "/project/closed/",
    "long names": f"/project/{LONG}/",
    "both indexes": "/project/tidepool/",
}


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeUpstream]:
    """Another index, with files of every kind of fate."""
    started = FakeUpstream()
    for version, fields in {
        "0.9": {},
        "1.0": {},
        "1.1": {},
        "1.2": {"yanked": "it lost <b>data</b>"},
        "1.3": {},
        "1.4": {"upload_time": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")},
    }.items():
        started.add("harbour", f"harbour-{version}.tar.gz", version.encode(), **fields)
    started.add("closed", "closed-1.0.tar.gz", b"closed")
    for version in ("1.0", "2.0"):
        started.add(LONG, f"{LONG.replace('-', '_')}-{version}.tar.gz", version.encode())
    started.add("tidepool", "tidepool-2.0.tar.gz", b"theirs")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def behind(fake: FakeUpstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An index with the other one behind it, that withholds some of its files."""
    folder: Path = tmp_path_factory.mktemp("behind")
    (folder / "osv.json").write_text(json.dumps(MALWARE))
    running = Server(
        folder / "data",
        PYPI_UPSTREAM_URL=fake.url,
        PYPI_UPSTREAM_POLICY=json.dumps(POLICY),
        PYPI_UPSTREAM_ADVISORIES=str(folder / "osv.json"),
    )
    publish(running, make_wheel("tidepool", "1.0"))
    assert running.manage("upstream", "override", "tidepool", "merge", "--reason", "we add wheels").returncode == 0
    yield running
    running.close()


@pytest.fixture(scope="module")
def cookies(chromium: Browser, behind: Server) -> dict:
    """The cookies of who signed in there."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(behind.url)
    sign_in(page)
    page.wait_for_url(f"{behind.url}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def opened(chromium: Browser, behind: Server, cookies: dict):
    """Open a page of that index."""
    yield from opening(chromium, behind, cookies)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(
    ("viewport", "color_scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop, light", "phone, dark"]
)
def test_axe_finds_no_serious_fault_though_all_is_unfolded(opened, faults, path, viewport, color_scheme):
    page = opened(path, viewport=viewport, color_scheme=color_scheme, bypass_csp=True)
    for summary in page.locator("details.note > summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.locator("h1").count() == 1
    assert faults(page) == []


def test_hidden_files_are_counted_and_each_says_why_when_it_is_asked(opened):
    page = opened("/project/harbour/", java_script_enabled=False)
    told = page.locator("details.note", has_text="4 files of the index behind this one are not shown to installers")
    reason = told.get_by_text("harbour-1.4.tar.gz is hidden: it was uploaded less than 7 days ago.")
    assert not reason.is_visible()
    told.locator("summary").click()
    assert reason.is_visible()
    for sentence in (
        "harbour-0.9.tar.gz is hidden: this index's policy denies it.",
        "harbour-1.2.tar.gz is hidden: it is yanked: it lost <b>data</b>.",
        "harbour-1.3.tar.gz is hidden: it is known malware: MAL-2026-0001.",
    ):
        assert told.get_by_text(sentence).is_visible()
    assert page.locator(".command", has_text="harbour").first.is_visible()


def test_a_project_of_which_nothing_is_shown_gives_no_command(opened):
    page = opened("/project/closed/")
    assert page.get_by_text("1 file of the index behind this one is not shown to installers").is_visible()
    assert page.get_by_text("no wheel or source distribution is shown").is_visible()
    # Nor headings with nothing below them.
    assert page.locator("main .command, main h2").count() == 0
