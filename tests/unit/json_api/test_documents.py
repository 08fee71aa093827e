"""The older JSON of a release, key by key where tools rely on what is empty."""

import json
from datetime import UTC, datetime

import pytest

from packages_app.catalogue.entries import Project, Status
from packages_app.discovery.entries import ReleaseDetails
from packages_app.discovery.releases import releases
from packages_app.json_api.documents import LONGEST_DESCRIPTION, document
from packages_app.metadata.entries import CoreMetadata
from tests.factories import listed_file

BASE = "https://index.example/dev/"
WHEEL = listed_file(filename="demo-1.0+cu121-py3-none-any.whl", version="1.0+cu121", requires_python=">=3.8")
SDIST = listed_file(
    filename="demo-2.0.tar.gz", version="2.0", filetype="sdist", blake2_256="", metadata_sha256="", sha256="d" * 64
)
EVERY = releases([WHEEL, SDIST])


def made(version: str = "1.0+cu121", *, core: CoreMetadata | None = None, status=Status.ACTIVE, **given) -> dict:
    project = Project(name="demo", display_name="De.Mo", serial=7, status=status, status_reason="old" if given else "")
    release = next(each for each in EVERY if each.version == version)
    found = document(ReleaseDetails(project=project, release=release, metadata=core), BASE, **given)
    return json.loads(json.dumps(found))


def test_a_release_without_metadata_says_what_the_catalogue_knows():
    info = made()["info"]
    assert (info["name"], info["version"], info["requires_python"]) == ("De.Mo", "1.0+cu121", ">=3.8")
    assert info["release_url"] == f"{BASE}project/demo/1.0%2Bcu121/"
    empty = {name for name, value in info.items() if value is None}
    assert {"description_content_type", "license_expression", "requires_dist", "project_urls", "yanked_reason"} <= empty
    assert {info[name] for name in ("summary", "author", "license", "home_page", "keywords")} == {""}


def test_a_long_description_is_cut():
    core = CoreMetadata(metadata_version="2.1", name="demo", version="1.0", description="x" * (LONGEST_DESCRIPTION + 1))
    assert len(made(core=core)["info"]["description"]) == LONGEST_DESCRIPTION


@pytest.mark.parametrize(
    ("version", "digests", "metadata", "python"),
    [
        pytest.param(
            "1.0+cu121", {"sha256": "a" * 64, "blake2b_256": "b" * 64}, {"sha256": "c" * 64}, "py3", id="a wheel"
        ),
        pytest.param("2.0", {"sha256": "d" * 64}, False, "source", id="an sdist of which one digest is known"),
    ],
)
def test_a_file_is_described_by_what_is_known_of_it(version, digests, metadata, python):
    (file,) = made(version)["urls"]
    assert (file["digests"], file["core-metadata"], file["python_version"]) == (digests, metadata, python)
    assert (file["md5_digest"], file["has_sig"], file["downloads"]) == (None, False, -1)


def test_a_file_has_an_address_that_any_proxy_reads_alike_and_a_time_in_utc():
    (file,) = made()["urls"]
    assert file["url"] == f"{BASE}packages/{'a' * 64}/demo-1.0%2Bcu121-py3-none-any.whl"
    at = datetime.fromisoformat(file["upload_time_iso_8601"])
    assert (at, file["upload_time"]) == (datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), "2026-01-02T03:04:05")


def test_releases_are_listed_oldest_first_where_the_project_was_asked_for():
    assert "releases" not in made()
    assert list(made(every=EVERY)["releases"]) == ["1.0+cu121", "2.0"]


def test_a_project_in_quarantine_lists_no_files():
    found = made(every=EVERY, status=Status.QUARANTINED, offered=False)
    assert (found["urls"], found["releases"]) == ([], {})
    assert found["project_status"] == {"status": "quarantined", "reason": "old"}
