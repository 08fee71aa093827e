from dataclasses import replace
from datetime import timedelta

import pytest

from packages_app.catalogue import read, recent, write
from packages_app.catalogue.entries import Change
from packages_app.discovery import documents
from packages_app.discovery.details import described, project_details
from packages_app.discovery.documents import Kept, core_of
from packages_app.discovery.recent import recent_releases
from packages_app.file_store import keys
from packages_app.file_store import write as store
from packages_app.maintenance.delete import delete_project, delete_release
from packages_app.maintenance.yank import yank_release
from tests.factories import make_sdist, make_wheel
from tests.homes import upload
from tests.unit.discovery.conftest import ANA, project, said


def test_a_project_has_its_releases_newest_first():
    for version in ("1.9", "1.10", "2.0a1"):
        project("demo", version)
    upload(make_sdist(version="1.10"))
    found = project_details("demo")
    assert [release.version for release in found.releases] == ["2.0a1", "1.10", "1.9"]
    assert [file.filetype for file in found.release("1.10.0").files] == ["sdist", "bdist_wheel"]
    assert (found.latest.version, found.releases[0].prerelease) == ("1.10", True)
    assert (found.latest.requires_python, found.latest.uploaded) == (
        ">=3.8",
        min(file.upload_time for file in found.latest.files),
    )
    yank_release("demo", "1.10", "broken", ANA, source="api")
    found = project_details("demo")
    assert (found.latest.version, found.release("1.10").yanked_reason) == ("1.9", "broken")
    assert found.release("9") is None
    assert project_details("none") is None


def test_a_release_says_what_its_wheel_says_and_else_its_sdist():
    upload(make_sdist(core=said("demo", "1.0", "From the sdist.", body="# Read me\n")))
    found = described(project_details("demo"))
    assert (found.metadata.summary, found.metadata.description) == ("From the sdist.", "# Read me\n")
    upload(make_wheel(core=said("demo", "1.0", "From the wheel.")))
    assert described(project_details("demo"), "1.0.0").metadata.summary == "From the wheel."
    assert described(project_details("demo"), "9") is None


def test_a_document_is_read_from_the_store_once(monkeypatch):
    file = project("demo")
    documents.kept.__init__()
    first = core_of(file)
    monkeypatch.setattr(documents.store, "read", None)
    assert core_of(file) is first


def test_a_document_that_is_lost_is_none():
    file = project("demo")
    documents.kept.__init__()
    store.remove(keys.metadata(file.sha256, file.filename))
    assert core_of(file) is None
    assert described(project_details("demo")).metadata is None


def test_a_readme_of_ten_megabytes_is_read_and_not_kept():
    file = upload(make_wheel(core=said("demo", "1.0", "Large.", body="x" * (10 * 1024**2 - 1000))))
    documents.kept.__init__()
    assert len(core_of(file).description) > 10_000_000
    assert documents.kept.size == 0


def test_what_is_kept_stays_within_its_measure():
    kept = Kept(limit=100)
    for number in range(10):
        kept.put(str(number), f"document {number}", 30)
        kept.get("0")
    assert (kept.size, kept.get("0"), kept.get("1"), kept.get("9")) == (90, "document 0", None, "document 9")


def recently(limit: int = 20, may_read=lambda _: True) -> list[tuple[str, str]]:
    return [(found.project.name, found.version) for found in recent_releases(limit, may_read)]


def test_recent_releases_come_newest_first_each_once():
    project("demo", "1.0")
    upload(make_sdist(version="1.0"))
    project("other", "2.0")
    project("demo", "2.0")
    assert recently() == [("demo", "2.0"), ("other", "2.0"), ("demo", "1.0")]
    assert recently(1) == [("demo", "2.0")]
    assert recently(may_read=lambda name: name != "demo") == [("other", "2.0")]


def test_what_was_deleted_is_not_recent():
    project("demo", "1.0")
    project("demo", "2.0")
    project("other", "1.0")
    delete_release("demo", "2.0", ANA, source="api")
    assert recently() == [("other", "1.0"), ("demo", "1.0")]
    delete_project("other", ANA, source="api")
    assert recently() == [("demo", "1.0")]
    assert [found.project for found in recent.recent()] == ["demo"]


@pytest.mark.parametrize(("days", "found"), [(89, ["demo"]), (91, [])])
def test_an_import_keeps_its_files_times(days, found):
    file = project("other")
    old = replace(file, project="demo", filename="demo-1.tar.gz", upload_time=file.upload_time - timedelta(days=days))
    write.publish(old, display_name="demo", change=Change(actor="ana"), fence="")
    assert [each for each, _ in recently() if each != "other"] == found
    assert read.project("demo").pending == {"1.0"}
