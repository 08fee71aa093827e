"""What the page of a project shows of its files and releases."""

import pytest

from packages_app.browser.errors import NoSuchRelease
from packages_app.browser.project import look_up, shown_file
from packages_app.catalogue import write
from packages_app.catalogue.entries import Change, Status
from packages_app.catalogue.errors import NoSuchProject
from tests.homes import in_folder

CHANGE = Change(actor="ana", source="test")


@pytest.mark.parametrize(
    ("given", "url", "tags"),
    [
        pytest.param({"version": "1.0+cu121"}, "demo-1.0%2Bcu121-py3-none-any.whl", "py3-none-any", id="a wheel"),
        pytest.param({"version": "1!1.0", "sdist": True}, "demo-1%211.0.tar.gz", "", id="an sdist"),
    ],
)
def test_a_file_has_an_address_that_any_proxy_reads_alike(make_file, given, url, tags):
    file = make_file(**given)
    shown = shown_file(file)
    assert (shown.url, shown.tags, shown.metadata_url) == (f"/packages/{file.sha256}/{url}", tags, "")


def test_a_file_with_metadata_beside_it_leads_to_that(make_file):
    shown = shown_file(make_file(metadata_sha256="c" * 64))
    assert shown.metadata_url == f"{shown.url}.metadata"


@pytest.fixture
def demo(settings, tmp_path, make_file):
    in_folder(settings, tmp_path)
    for version in ("1.0", "2.0", "3.0a1"):
        write.publish(make_file(version), display_name="demo", change=CHANGE, fence="")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param("", "2.0", id="the newest final one"),
        pytest.param("1", "1.0", id="the one that is asked for, in any spelling"),
        pytest.param("3.0a1", "3.0a1", id="a pre-release that is asked for"),
    ],
)
def test_a_release_is_shown(demo, asked, shown):
    found = look_up("demo", asked)
    assert (found.release.version, found.newest.version, len(found.releases)) == (shown, "2.0", 3)
    assert [each.file.version for each in found.files] == [shown]


def test_what_is_not_there_is_told(demo):
    with pytest.raises(NoSuchProject):
        look_up("other")
    with pytest.raises(NoSuchRelease, match=r"no release 9\.9"):
        look_up("demo", "9.9")


def test_a_project_in_quarantine_shows_nothing_that_could_be_downloaded(demo):
    write.set_status("demo", Status.QUARANTINED, reason="stolen", change=CHANGE)
    found = look_up("demo")
    assert (found.release, found.newest, found.releases, found.files) == (None, None, (), ())
    with pytest.raises(NoSuchRelease):
        look_up("demo", "1.0")
