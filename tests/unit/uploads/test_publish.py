"""The order of the journey: what is refused leaves no bytes, what fails leaves nothing listed."""

import pytest

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import NotSignedIn
from packages_app.catalogue import read
from packages_app.catalogue.errors import Busy, FileChanged
from packages_app.file_store import read as store
from packages_app.file_store.errors import StoreFull
from packages_app.uploads import publish as journey
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.errors import BadDigest, Disagreement, FileExists
from packages_app.uploads.publish import Outcome, publish
from tests import homes
from tests.factories import make_sdist, make_wheel, metadata, sha256

ANA = Principal(name="ana")


@pytest.fixture
def candidate(tmp_path):
    def make(filename: str, data: bytes, *, principal: Principal = ANA, **claims) -> Candidate:
        return homes.candidate(tmp_path / "spooled", (filename, data), principal, **claims)

    return make


def stored() -> list[str]:
    return [blob.key for blob in store.walk()]


def test_bytes_and_metadata_are_stored_before_the_file_is_listed(candidate, monkeypatch):
    filename, data = make_wheel()
    key = f"packages/{sha256(data)}/{filename}"
    seen = {}
    real = journey.catalogue.publish

    def listing(*args, **kwargs):
        seen["stored"] = stored()
        return real(*args, **kwargs)

    monkeypatch.setattr(journey.catalogue, "publish", listing)
    assert publish(candidate(filename, data)).outcome is Outcome.CREATED
    assert seen["stored"] == [key, f"{key}.metadata"]


def test_an_sdist_keeps_its_own_document_and_offers_no_metadata(candidate):
    filename, data = make_sdist()
    file = publish(candidate(filename, data)).file
    assert (file.metadata_sha256, file.pkg_info_sha256) == ("", sha256(metadata()))
    assert stored() == [f"packages/{sha256(data)}/{filename}", f"packages/{sha256(data)}/{filename}.pkg-info"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        pytest.param({"principal": Principal(name="")}, NotSignedIn, id="nobody in particular"),
        pytest.param({"digests": {"sha256": "0" * 64}}, BadDigest, id="another digest"),
        pytest.param({"name": "other"}, Disagreement, id="another name"),
        pytest.param({"version": "2"}, Disagreement, id="another version"),
        pytest.param({"version": "not a version"}, Disagreement, id="no version at all"),
        pytest.param({"filetype": "sdist"}, Disagreement, id="another type"),
    ],
)
def test_what_is_refused_leaves_no_bytes_and_no_row(candidate, given, error):
    with pytest.raises(error):
        publish(candidate(*make_wheel(), **given))
    assert stored() == []
    assert read.project("demo") is None


def test_a_name_in_another_spelling_is_the_same_name(candidate):
    core = metadata("Demo_Project", "1.0")
    filename, data = make_wheel("Demo_Project", "1.0", core=core)
    assert publish(candidate(filename, data, name="demo.project", version="1.0.0")).outcome is Outcome.CREATED


def test_a_full_disk_lists_nothing(candidate, monkeypatch):
    def full(*_: object) -> None:
        raise StoreFull("full")

    monkeypatch.setattr(journey.store, "put_file", full)
    with pytest.raises(StoreFull):
        publish(candidate(*make_wheel()))
    assert read.project("demo") is None


@pytest.mark.parametrize(
    ("winner", "outcome"),
    [pytest.param(b"", Outcome.UNCHANGED, id="the same bytes"), pytest.param(b"other", None, id="other bytes")],
)
def test_who_comes_second_is_told_what_the_first_published(candidate, monkeypatch, winner, outcome):
    filename, data = make_wheel()
    real = journey.catalogue.publish

    def beaten(file, **kwargs):
        monkeypatch.setattr(journey.catalogue, "publish", real)
        publish(candidate(filename, make_wheel(content=winner)[1]))
        raise FileChanged("somebody was faster")

    second = candidate(filename, data)
    first_look = read.file("demo", filename)
    assert first_look is None
    monkeypatch.setattr(journey.catalogue, "publish", beaten)
    monkeypatch.setattr(journey, "put_bytes", lambda *_: None)
    if outcome is None:
        with pytest.raises(FileExists):
            publish(second)
    else:
        assert publish(second).outcome is outcome


def test_a_name_that_changes_over_and_over_is_given_up_with_a_word(candidate, monkeypatch, settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrite": True}

    def always(*_: object, **__: object) -> None:
        raise FileChanged("again")

    monkeypatch.setattr(journey.catalogue, "publish", always)
    with pytest.raises(Busy):
        publish(candidate(*make_wheel()))
