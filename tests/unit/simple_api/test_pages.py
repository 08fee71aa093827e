import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import pytest

from packages_app.catalogue.entries import Listed, Status
from packages_app.simple_api import as_html, as_json
from packages_app.simple_api.encodings import Encoding, encoded
from packages_app.simple_api.pages import RootPage, project_page, root_page, upload_time


def test_files_come_by_version_then_the_sdist_then_wheels_by_name(make_project, make_file):
    order = [
        "demo-1.0.dev1.tar.gz",
        "demo-1.0a1.tar.gz",
        "demo-1.0.tar.gz",
        "demo-1.0-cp311-cp311-linux_x86_64.whl",
        "demo-1.0-py3-none-any.whl",
        "demo-1.0+cu121-py3-none-any.whl",
        "demo-1.0.post1.tar.gz",
        "demo-1.9.tar.gz",
        "demo-1.10.tar.gz",
        "demo-1!0.1.tar.gz",
    ]
    page = project_page(make_project(), [make_file(name) for name in sorted(order, reverse=True)])
    assert [file.filename for file in page.files] == order


def test_versions_are_in_version_order_and_listed_once(make_project, make_file):
    names = ["demo-1.10.tar.gz", "demo-1.9.tar.gz", "demo-1.9-py3-none-any.whl", "demo-1.10rc1.tar.gz"]
    page = project_page(make_project(), map(make_file, names))
    assert page.versions == ("1.9", "1.10rc1", "1.10")


def test_equal_versions_written_differently_are_one_version(make_project, make_file):
    files = [make_file("demo-1.0.tar.gz"), make_file("demo-1.0.0-py3-none-any.whl")]
    assert len(project_page(make_project(), files).versions) == 1


def test_a_version_that_is_none_goes_first_and_is_kept(make_project, make_file):
    files = [make_file("demo-1.0.tar.gz"), make_file("demo-x.tar.gz", version="x"), make_file("demo-y.tar.gz")]
    assert project_page(make_project(), files).versions == ("x", "y", "1.0")


def test_a_quarantined_project_offers_nothing(make_project, make_file):
    page = project_page(make_project(status=Status.QUARANTINED, status_reason="malware"), [make_file()])
    assert (page.files, page.versions) == ((), ())
    assert (page.status, page.status_reason) == ("quarantined", "malware")


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.ARCHIVED, Status.DEPRECATED])
def test_every_other_project_offers_its_files(make_project, make_file, status):
    assert len(project_page(make_project(status=status), [make_file()]).files) == 1


def test_links_are_relative_and_quote_what_urls_would_misread(make_project, make_file):
    file = make_file("demo-1!1.0+cu121-py3-none-any.whl")
    (shown,) = project_page(make_project(), [file]).files
    assert shown.url == f"../../packages/{file.sha256}/demo-1%211.0%2Bcu121-py3-none-any.whl"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05.000006Z", id="microseconds"),
        pytest.param(datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00.000000Z", id="a whole second"),
        pytest.param(
            datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T22:00:00.000000Z", id="another zone"
        ),
    ],
)
def test_upload_times_have_one_form(moment, expected):
    assert upload_time(moment) == expected


def test_the_root_lists_projects_by_name_under_the_highest_serial():
    page = root_page(iter([Listed(name="b", serial=7), Listed(name="a", serial=9)]))
    assert [entry.name for entry in page.projects] == ["a", "b"]
    assert page.serial == 9


def test_an_empty_root_has_a_serial_above_zero():
    assert root_page([]).serial > 0


@pytest.mark.parametrize("write", [as_json.root, as_html.root], ids=["json", "html"])
@pytest.mark.parametrize("encoding", Encoding)
def test_a_list_of_many_is_written_and_packed_without_being_held(write, encoding):
    entries = (Listed(name=f"a-project-with-a-name-{number:07}", serial=7) for number in range(100_000))
    tracemalloc.start()
    try:
        size = sum(map(len, encoded(write(RootPage(serial=7, projects=entries)), encoding)))
        assert size > 50_000
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024**2  # the page has 5 to 7 MB
    finally:
        tracemalloc.stop()
