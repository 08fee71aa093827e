"""Which files of another index's page are shown to people, of which release, and which release is the newest."""

from dataclasses import replace

import pytest

from packages_app.browser.behind import by_version, rank
from packages_app.simple_api.pages import PageFile, ProjectPage

HERE = "/packages/a/f"


def file(filename: str, url: str = HERE, *, yanked: bool = False) -> PageFile:
    return PageFile(
        filename=filename,
        url=url,
        hashes={},
        size=None,
        upload_time="",
        requires_python="",
        metadata="",
        yanked=yanked,
        yanked_reason="",
    )


def page(*files: PageFile, name: str = "demo") -> ProjectPage:
    return ProjectPage(name=name, serial=1, status="active", status_reason="", versions=(), files=files)


def shown(given: ProjectPage) -> dict[str, list[str]]:
    return {version: [each.filename for each in files] for version, files in by_version(given).items()}


@pytest.mark.parametrize(
    ("project", "version"),
    [
        pytest.param("foo-1", "2", id="the name before the last hyphen"),
        pytest.param("foo", "1.post2", id="the name before the first one"),
    ],
)
def test_a_name_that_can_be_split_in_two_ways_is_split_for_its_project(project, version):
    assert shown(page(file("foo-1-2.tar.gz"), name=project)) == {version: ["foo-1-2.tar.gz"]}


@pytest.mark.parametrize(
    ("filename", "url", "is_shown"),
    [
        pytest.param("demo-1.0.tar.gz", HERE, True, id="a file that is served from here"),
        pytest.param("demo-1.0.tar.gz", "https://files.example/f", True, id="a file on another site"),
        pytest.param("demo-1.0.tar.gz", "javascript:alert(1)", False, id="a script"),
        pytest.param("demo-1.0-py3.11.egg", HERE, False, id="a kind that nobody installs any more"),
    ],
)
def test_what_can_be_followed_is_shown(filename, url, is_shown):
    assert shown(page(file(filename, url))) == ({"1.0": [filename]} if is_shown else {})


@pytest.mark.parametrize(
    ("releases", "newest"),
    [
        pytest.param({"1.9": False, "1.10": False}, "1.10", id="the highest"),
        pytest.param({"1.0": False, "2.0a1": False}, "1.0", id="a final one before a pre-release"),
        pytest.param({"1.0": False, "2.0": True}, "1.0", id="one that is not yanked before one that is"),
        pytest.param({"1.0a1": False, "2.0": True}, "1.0a1", id="even where that is a pre-release"),
        pytest.param({"1.0": True, "2.0": True}, "2.0", id="the highest where all are yanked"),
    ],
)
def test_the_newest_release(releases, newest):
    found = {version: [file("f", yanked=yanked)] for version, yanked in releases.items()}
    assert max(found, key=lambda each: rank(each, found[each])) == newest


def test_a_release_of_which_one_file_is_not_yanked_is_not():
    good, bad = file("f"), replace(file("g"), yanked=True)
    assert rank("1.0", [good, bad]) > rank("2.0", [bad])
