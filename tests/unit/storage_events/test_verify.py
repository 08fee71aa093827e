"""That verify finds what is wrong with listed files, and nothing else."""

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change
from packages_app.catalogue.errors import NoSuchEntry
from packages_app.storage_events import verify as journey
from packages_app.storage_events.verify import verify
from tests.factories import make_sdist, make_wheel
from tests.homes import upload
from tests.unit.storage_events.conftest import path_of

NAME, WHEEL = make_wheel()


def faults(**given) -> dict[str, tuple[str, ...]]:
    return {file.filename: found for file, found in verify(**given)}


def test_a_sound_index_has_no_faults(files):
    upload((NAME, WHEEL))
    upload(make_sdist())
    assert faults() == {NAME: (), make_sdist()[0]: ()}


@pytest.mark.parametrize(
    ("harm", "says", "quick"),
    [
        pytest.param(lambda path: path.unlink(), "not in the store", True, id="gone"),
        pytest.param(lambda path: path.write_bytes(WHEEL[:-1]), f"where {len(WHEEL)} were", True, id="cut off"),
        pytest.param(lambda path: path.write_bytes(WHEEL + b"x"), f"where {len(WHEEL)} were", True, id="grown"),
        pytest.param(lambda path: path.write_bytes(WHEEL[:-1] + b"x"), "sha256 is", False, id="one byte changed"),
        pytest.param(lambda path: path.write_bytes(bytes(len(WHEEL))), "sha256 is", False, id="zeroed"),
        pytest.param(
            lambda path: path.with_name(path.name + ".metadata").unlink(), "metadata are", False, id="no .metadata"
        ),
        pytest.param(
            lambda path: path.with_name(path.name + ".metadata").write_bytes(b"x"),
            "metadata are",
            False,
            id="another .metadata",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_told(files, harm, says, quick):
    file = upload((NAME, WHEEL))
    upload(make_sdist())
    harm(path_of(files, file))
    (fault,) = faults()[NAME]
    assert says in fault
    assert faults()[make_sdist()[0]] == ()
    assert bool(faults(quick=True)[NAME]) is quick


def test_a_row_that_names_another_metadata_is_told(files, monkeypatch):
    upload((NAME, WHEEL))
    monkeypatch.setattr(journey.sidecars, "wheel_metadata", lambda _: b"Metadata-Version: 2.1\n")
    (fault,) = faults()[NAME]
    assert "METADATA inside" in fault


def test_a_file_that_cannot_be_read_does_not_hide_the_others(files):
    file = upload((NAME, WHEEL))
    upload(make_wheel("other"))
    path = path_of(files, file)
    path.unlink()
    path.mkdir()
    found = faults()
    assert found[NAME] != ()
    assert found[make_wheel("other")[0]] == ()


def test_one_project_is_checked_alone(files):
    upload((NAME, WHEEL))
    upload(make_wheel("other"))
    assert set(faults(project="demo")) == {NAME}


def test_a_project_that_is_not_there_is_told(files):
    with pytest.raises(NoSuchEntry):
        faults(project="nothing")


def test_a_file_withdrawn_while_it_is_checked_has_no_faults(files, monkeypatch):
    file = upload((NAME, WHEEL))
    path_of(files, file).unlink()
    checked = journey.check

    def late(*given, **more):
        write.withdraw(file, Change(actor="ana"))
        return checked(*given, **more)

    monkeypatch.setattr(journey, "check", late)
    assert faults() == {}
    assert read.files("demo") == ()
