"""What becomes of listed files whose bytes, or what lies beside them, are gone; and of retired bytes."""

from datetime import timedelta

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change
from packages_app.discovery import describe
from packages_app.storage_events import listed
from tests.factories import make_sdist, make_wheel, metadata, sha256
from tests.homes import upload
from tests.unit.storage_events.conftest import path_of, put, run, told

NAME, WHEEL = make_wheel()
OTHER = (NAME, make_wheel(content=b"other")[1])
CHANGE = Change(actor="ana", source="test")
NO_GRACE = timedelta(0)


@pytest.fixture
def kept():
    """Another file, so that the store is not empty."""
    return upload(make_wheel("kept"))


def test_a_sound_index_has_no_differences(files, kept):
    upload(make_sdist())
    assert run() == []
    assert run(apply=True) == []


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: path.write_bytes(WHEEL[:-1]), id="cut off"),
    ],
)
def test_a_file_that_cannot_be_downloaded_is_withdrawn(files, kept, harm):
    file = upload((NAME, WHEEL))
    harm(path_of(files, file))
    serial = read.project("demo").serial
    assert told(run()) == [("missing", NAME, "found")]
    assert read.files("demo") == (file,)
    assert told(run(apply=True)) == [("missing", NAME, "mended")]
    assert read.files("demo") == ()
    assert read.project("demo").serial > serial
    assert run() == []


def test_a_withdrawn_file_can_be_uploaded_again(files, kept):
    file = upload((NAME, WHEEL))
    path_of(files, file).unlink()
    run(apply=True)
    assert upload((NAME, WHEEL)).sha256 == file.sha256
    assert path_of(files, file).read_bytes() == WHEEL
    assert run() == []


def test_a_file_listed_after_the_store_was_listed_is_not_missing(files, monkeypatch, kept):
    """The listing of the store is older than the row."""
    compared = listed.compare

    def late(*given):
        upload((NAME, WHEEL))
        return compared(*given)

    monkeypatch.setattr(listed, "compare", late)
    assert run(apply=True) == []
    assert len(read.files("demo")) == 1


def test_a_file_replaced_at_the_last_moment_is_not_withdrawn(files, monkeypatch, kept, overwriting):
    file = upload((NAME, WHEEL))
    path_of(files, file).unlink()
    withdraw = write.withdraw

    def late(*given):
        upload(OTHER)
        return withdraw(*given)

    monkeypatch.setattr(write, "withdraw", late)
    assert told(run(apply=True)) == [("missing", NAME, "left alone")]
    assert read.file("demo", NAME).sha256 == sha256(OTHER[1])


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: path.write_bytes(b"Metadata-Version: 2.1\n"), id="other text"),
        pytest.param(lambda path: path.write_bytes(b"x" * (11 * 1024**2)), id="far too long"),
    ],
)
def test_a_lost_metadata_file_is_written_anew_byte_for_byte(files, harm):
    core = metadata(body="A text.\r\n  \r\nwith its line ends and spaces \r\n")
    file = upload(make_wheel(core=core))
    harm(path_of(files, file, ".metadata"))
    assert told(run()) == [("sidecar", NAME, "found")]
    assert told(run(apply=True)) == [("sidecar", NAME, "mended")]
    assert path_of(files, file, ".metadata").read_bytes() == core
    assert run() == []


def test_a_metadata_file_cannot_be_made_from_a_damaged_wheel(files):
    file = upload((NAME, WHEEL))
    path_of(files, file, ".metadata").unlink()
    path_of(files, file).write_bytes(bytes(len(WHEEL)))
    assert told(run(apply=True)) == [("sidecar", NAME, "not mended")]
    assert read.files("demo") == (file,)


def test_another_metadata_than_the_published_one_is_not_written(files, monkeypatch):
    file = upload((NAME, WHEEL))
    path_of(files, file, ".metadata").unlink()
    monkeypatch.setattr(listed.sidecars, "wheel_metadata", lambda _: metadata("other"))
    assert told(run(apply=True)) == [("sidecar", NAME, "not mended")]
    assert not path_of(files, file, ".metadata").exists()


def test_retired_bytes_stay_for_the_grace_and_then_go(files, overwriting):
    old = upload((NAME, WHEEL))
    new = upload(OTHER)
    assert run(apply=True) == []
    assert told(run(grace=NO_GRACE)) == [("retired", NAME, "found")]
    assert path_of(files, old).exists()
    assert told(run(apply=True, grace=NO_GRACE)) == [("retired", NAME, "mended")]
    assert not path_of(files, old).parent.exists()
    assert path_of(files, new).exists()
    assert path_of(files, new, ".metadata").exists()
    assert read.retired("demo") == ()
    assert run(grace=NO_GRACE) == []
    assert upload((NAME, WHEEL)).sha256 == old.sha256


def test_withdrawn_bytes_go_too(files, kept):
    file = upload((NAME, WHEEL))
    write.withdraw(file, CHANGE)
    describe.after_change("demo")
    assert told(run(apply=True, grace=NO_GRACE)) == [("retired", NAME, "mended")]
    assert not path_of(files, file).exists()


def test_unlisted_bytes_under_a_retired_name_are_listed(files, kept):
    """Only the very bytes that were retired are kept off the list."""
    write.withdraw(upload((NAME, WHEEL)), CHANGE)
    describe.after_change("demo")
    put(files, OTHER)
    assert told(run(apply=True)) == [("unlisted", NAME, "mended")]
    assert read.file("demo", NAME).sha256 == sha256(OTHER[1])
