"""Uploads arrive in private files on the store's own file system."""

import stat
from pathlib import Path

import pytest

from packages_app.file_store import keys, read, write
from packages_app.file_store.errors import StoreUnavailable
from packages_app.file_store.spool import spooled, sweep
from packages_app.file_store.temporary import PREFIX

KEY = keys.blob("0" * 64, "demo.whl")


@pytest.fixture(autouse=True)
def temporary_folder(monkeypatch, tmp_path):
    """Keep the system's temporary files in the test's own folder."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_spool_is_private_named_and_gone_afterwards(storage):
    with spooled(suffix=".whl") as spool:
        spool.file.write(b"x")
        assert spool.path == Path(spool.name)
        assert spool.name.endswith(".whl")
        assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
    assert not spool.path.exists()
    assert spool.file.closed


def test_a_spool_is_gone_when_the_upload_fails(storage):
    seen = []

    def upload():
        with spooled() as spool:
            seen.append(spool)
            spool.file.write(b"x")
            raise RuntimeError("the client went away")

    with pytest.raises(RuntimeError, match="the client went away"):
        upload()
    assert not seen[0].path.exists()
    assert seen[0].file.closed


def test_the_local_spool_is_where_a_put_can_move_it_from(local):
    with spooled() as spool:
        assert spool.path.parent == local.incoming


def test_the_spool_for_s3_is_in_the_system_s_folder(s3, temporary_folder):
    with spooled() as spool:
        assert spool.path.parent == temporary_folder


def test_a_folder_that_cannot_be_made_is_told(local, tmp_path):
    (tmp_path / "incoming").write_bytes(b"a file stands where the folder belongs")
    with pytest.raises(StoreUnavailable), spooled():
        pass


def test_leftovers_are_swept_and_live_spools_stay(storage):
    with spooled() as spool:
        leftover = spool.path.with_name(PREFIX + "leftover")
        leftover.write_bytes(b"half")
        stranger = spool.path.with_name("stranger")
        stranger.write_bytes(b"somebody else's")
        assert sweep() == 1
        assert not leftover.exists()
        assert stranger.exists()
        assert spool.path.exists()
    assert sweep() == 0


def test_a_spool_that_was_moved_into_the_store_is_not_swept(local):
    with spooled() as spool:
        spool.file.write(b"whole")
        spool.file.flush()
        write.put_file(KEY, spool.path)
        assert sweep() == 0
    assert sweep() == 0
    assert read.read(KEY, 10) == b"whole"


def test_sweeping_before_anything_was_stored_is_fine(local):
    assert sweep() == 0
