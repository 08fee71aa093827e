"""Descriptions, recent releases and the search, in each home, after files came and went by every way."""

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change
from packages_app.discovery import documents
from packages_app.discovery.describe import is_current
from packages_app.discovery.details import described, project_details
from packages_app.discovery.recent import recent_releases
from packages_app.discovery.search import search
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.storage_events import stored
from tests.factories import make_sdist, make_wheel, metadata
from tests.functional.commands import manage

CORE = metadata("Acme.Http", extra="Keywords: client,rest\nLicense-Expression: MIT", body="# Acme\n\nRead me.\n")
WHEEL, SDIST = make_wheel("Acme.Http", core=CORE), make_sdist("Acme.Http", core=CORE)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    monkeypatch.setattr(stored, "SETTLE_SECONDS", 0.0)


def found(query: str) -> list[str]:
    return [project.display_name for project in search(query, lambda _: True).projects]


def test_what_was_published_is_described_and_found_until_it_is_deleted(home, publish):
    assert publish(*SDIST, name="acme-http").status_code == 200
    assert described(project_details("acme-http")).metadata.description == "# Acme\n\nRead me.\n"
    assert publish(*WHEEL, name="acme-http").status_code == 200
    details = described(project_details("acme-http"), "1.0.0")
    assert (details.metadata.license_expression, len(details.release.files)) == ("MIT", 2)
    row = read.projects(["acme-http", "none"])["acme-http"].described
    assert (row.latest, row.summary, row.keywords) == ("1.0", "A demo.", ("client", "rest"))
    assert [found(query) for query in ("acme", "rest", "demo http", "gone")] == [["Acme.Http"]] * 3 + [[]]
    assert [(each.project.name, each.version) for each in recent_releases(9, lambda _: True)] == [("acme-http", "1.0")]
    manage("delete", "acme-http", "--yes")
    assert (found("acme"), recent_releases(9, lambda _: True), project_details("acme-http")) == ([], (), None)


def test_a_session_describes_its_release(home, uploader):
    session = uploader.create(name="Acme.Http", version="1.0").json()
    for made in (SDIST, WHEEL):
        uploader.add(session, made)
    uploader.publish(session)
    assert found("rest") == ["Acme.Http"]
    assert described(project_details("acme-http")).metadata.keywords == ("client", "rest")
    sdist = read.file("acme-http", SDIST[0])
    assert store.read(keys.blob(sdist.sha256, sdist.filename) + keys.PKG_INFO, 10_000) == CORE


def test_reconcile_mends_documents_and_descriptions(home, publish):
    publish(*SDIST, name="acme-http")
    sdist = read.file("acme-http", SDIST[0])
    key = keys.blob(sdist.sha256, sdist.filename) + keys.PKG_INFO
    store_write.remove(key)
    write.set_yanked("acme-http", sdist.filename, yanked=True, change=Change(actor="killed"))
    code, said = manage("verify")
    assert (code, "pkg-info are missing or damaged" in said) == (1, True), said
    code, said = manage("reconcile")
    assert (code, "sidecar: " in said, "outdated: acme-http" in said) == (1, True, True), said
    assert manage("reconcile", "--apply")[0] == 0
    assert store.read(key, 10_000) == CORE
    assert is_current(read.project("acme-http"))
    assert manage("reconcile")[0] == 0


def test_a_document_that_was_just_stored_is_not_fetched_back(home, publish, monkeypatch):
    def fetched(key: str, most: int) -> bytes:
        raise AssertionError(key)

    monkeypatch.setattr(documents, "kept", documents.Kept())
    monkeypatch.setattr(documents.store, "read", fetched)
    assert publish(*make_wheel("fresh", "1.0")).status_code == 200
    assert read.project("fresh").described.summary == "A demo."
