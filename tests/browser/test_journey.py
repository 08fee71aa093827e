"""One person's whole way with a package: from signing in to signing out, with the real clients they use."""

from playwright.sync_api import Page

from tests.browser.conftest import BEN, sign_in
from tests.clients.machines import Machine, installed
from tests.clients.projects import make_project
from tests.clients.publishers import PUBLISHERS

NAME = "journey"


def test_a_package_from_its_first_upload_to_its_end(opened, server, tmp_path):
    (tmp_path / "home").mkdir()
    machine = Machine(tmp_path / "home")
    page = opened("/", storage_state=None)
    sign_in(page, BEN)
    browse(page)

    token = make_token(page)
    code, said = publish(machine, server, token)
    assert code == 0, said
    page.goto(f"{server.url}/project/{NAME}/")
    assert page.get_by_role("link", name=f"{NAME}-1.0.tar.gz").is_visible()
    assert page.get_by_role("link", name=f"{NAME}-1.0-py3-none-any.whl").is_visible()
    install(machine, server, token, "before")

    yank(page, server)
    assert page.goto(f"{server.url}/project/{NAME}/").ok
    page.get_by_text("does not start").first.wait_for()
    said = refused(machine, server, token)
    assert "No matching distribution found" in said

    chore(page, server, "Set status")
    page.get_by_label("Status:").select_option("archived")
    page.get_by_label("Reason:").fill("it served its time")
    page.get_by_role("button", name="Set status").click()
    page.goto(f"{server.url}/project/{NAME}/")
    page.get_by_text("it served its time").first.wait_for()
    code, said = publish(machine, server, token, version="1.1")
    assert code != 0
    assert "takes no uploads" in said

    chore(page, server, "Delete project")
    page.get_by_label(f"To confirm, type: {NAME}").fill(NAME)
    page.get_by_role("button", name="Delete project").click()
    assert page.goto(f"{server.url}/project/{NAME}/").status == 404

    read_trail(page, server)
    page.goto(f"{server.url}/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{server.url}/admin/")
    assert "sign-in" in page.url or "login" in page.url


def browse(page: Page) -> None:
    """Find a project by searching, and look at it."""
    page.get_by_role("searchbox").fill("tidepool")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="tidepool", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("tidepool")


def make_token(page: Page) -> str:
    """Make a token that reads and uploads, and return it."""
    page.get_by_role("link", name=BEN, exact=True).click()
    page.get_by_label("What it is for").fill("a journey")
    page.get_by_label("Upload files").check()
    page.get_by_role("button", name="Make token").click()
    return page.locator(".token").inner_text().strip()


def publish(machine: Machine, server, token: str, version: str = "1.0") -> tuple[int, str]:
    """Publish a release with twine."""
    project = make_project(machine.home / f"project-{version}", NAME, version=version)
    return PUBLISHERS["twine"](machine, As(server, token), project)


class As:
    """The server, as who holds a token sees it."""

    def __init__(self, server, token: str) -> None:
        self.user, self.password, self.upload_url = "__token__", token, server.upload_url
        self.index_url = f"{server.url}/simple/".replace("://", f"://__token__:{token}@")


def install(machine: Machine, server, token: str, where: str) -> None:
    """Install the package with pip."""
    python = machine.virtual_environment(where)
    machine.run("pip", "--python", python, "install", "--index-url", As(server, token).index_url, NAME)
    assert installed(python, NAME) == "1.0"


def refused(machine: Machine, server, token: str) -> str:
    """Return what pip says of a package that it does not install."""
    python = machine.virtual_environment("after")
    return machine.fails("pip", "--python", python, "install", "--index-url", As(server, token).index_url, NAME)


def yank(page: Page, server) -> None:
    """Yank both files in the admin."""
    page.goto(f"{server.url}/admin/fileface/?project={NAME}")
    for box in page.locator("#result_list tbody input[type=checkbox]").all():
        box.check()
    page.get_by_label("Action:").select_option("Yank")
    page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_label("Reason:").fill("does not start")
    page.get_by_role("button", name="Yank").click()
    assert page.locator(".messagelist .success").inner_text().startswith("Yanked ")


def chore(page: Page, server, name: str) -> None:
    """Begin a chore on the project's page in the admin."""
    page.goto(f"{server.url}/admin/projectface/{NAME}/change/")
    page.get_by_role("button", name=name).click()


def read_trail(page: Page, server) -> None:
    """Read in the admin who did what to the project."""
    page.goto(f"{server.url}/admin/eventface/?project={NAME}")
    told = page.locator("#result_list").inner_text()
    for action in ("project.delete", "project.status", "file.yank", "file.publish"):
        assert action in told
    assert told.index("project.delete") < told.index("project.status") < told.index("file.publish")
