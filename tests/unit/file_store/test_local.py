"""Local blobs are durable before they are acknowledged, whole or not there, and readable by whom they should be."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile

from packages_app.file_store import keys, read, temporary, write
from packages_app.file_store.errors import StoreFull, StoreUnavailable
from packages_app.file_store.spool import spooled, sweep

DIGEST = "0123456789abcdef" * 4
KEY = keys.blob(DIGEST, "demo.whl")


@pytest.fixture
def calls(monkeypatch, local):
    """Record what becomes durable, and the rename, in their order; each call still happens."""
    recorded = []
    fsync, replace = os.fsync, Path.replace

    def recording_fsync(descriptor):
        recorded.append(("fsync", Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def recording_replace(source, target):
        recorded.append(("rename", source))
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", recording_fsync)
    monkeypatch.setattr(Path, "replace", recording_replace)
    return recorded


@pytest.fixture
def source(local):
    """A file that arrived in the spool."""
    path = local.spool_folder() / "source"
    path.write_bytes(b"data")
    return path


def folder(local, *parts):
    return Path(local.location, *parts)


def test_the_bytes_are_durable_before_the_name_and_the_name_before_it_returns(local, source, calls):
    write.put_file(KEY, source)
    start = calls.index(("fsync", source))
    assert calls[start:] == [
        ("fsync", source),
        ("rename", source),
        ("fsync", folder(local, "packages", DIGEST)),
        ("fsync", folder(local, "packages")),
        ("fsync", folder(local)),
    ]


def test_the_store_s_own_name_is_durable_too(local, source, calls):
    write.put_file(KEY, source)
    assert calls[0] == ("fsync", folder(local).parent)


def test_bytes_are_durable_in_the_same_order(local, calls):
    write.put_bytes(KEY, b"data")
    copy = next(path for call, path in calls if call == "rename")
    assert copy.parent == folder(local, ".incoming")
    assert calls[calls.index(("fsync", copy)) + 1 :] == [
        ("rename", copy),
        ("fsync", folder(local, "packages", DIGEST)),
        ("fsync", folder(local, "packages")),
        ("fsync", folder(local)),
    ]


def test_folders_that_another_process_made_are_synced_again(local, source, calls):
    write.put_bytes(keys.metadata(DIGEST, "demo.whl"), b"x")
    calls.clear()
    write.put_file(KEY, source)
    assert ("fsync", folder(local, "packages")) in calls


def test_a_removal_is_durable_and_leaves_no_empty_folders(local, calls):
    write.put_bytes(KEY, b"data")
    calls.clear()
    write.remove(KEY)
    assert calls == [("fsync", folder(local, "packages", DIGEST))]
    assert [path.name for path in folder(local).iterdir()] == [".incoming"]


def test_the_source_is_moved_not_copied(local, source):
    inode = source.stat().st_ino
    write.put_file(KEY, source)
    assert not source.exists()
    assert Path(local.path(KEY)).stat().st_ino == inode


def test_a_blob_and_its_folder_are_its_owners_alone(local):
    with spooled() as spool:
        write.put_file(KEY, spool.path)
    assert stat.S_IMODE(Path(local.path(KEY)).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(local.path(KEY)).parent.stat().st_mode) == 0o700
    write.put_bytes(KEY, b"data")
    assert stat.S_IMODE(Path(local.path(KEY)).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(local.path(KEY)).parent.stat().st_mode) == 0o700


def test_a_source_on_another_file_system_is_copied_into_the_store_first(local, source, monkeypatch, calls):
    replace = Path.replace

    def other_file_system(path, target):
        if path == source:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", other_file_system)
    write.put_file(KEY, source)
    assert read.read(KEY, 10) == b"data"
    assert not source.exists()
    assert list(folder(local, ".incoming").iterdir()) == []


@pytest.mark.parametrize(
    "make", [Path.mkdir, lambda path: path.symlink_to("/etc/passwd"), os.mkfifo], ids=["folder", "link", "pipe"]
)
def test_only_a_regular_file_can_be_put(local, tmp_path, make):
    source = tmp_path / "odd"
    make(source)
    with pytest.raises(StoreUnavailable):
        write.put_file(KEY, source)
    assert list(read.walk()) == []


def test_a_link_in_the_store_is_no_blob(local, tmp_path):
    (tmp_path / "secret").write_bytes(b"x")
    write.put_bytes(KEY, b"data")
    Path(local.path(KEY)).with_name("link.whl").symlink_to(tmp_path / "secret")
    assert [blob.key for blob in read.walk()] == [KEY]


def refuse(number):
    """Return a call that fails as a disk does."""

    def refusing(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    return refusing


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, StoreFull), (errno.EDQUOT, StoreFull), (errno.EIO, StoreUnavailable)]
)
@pytest.mark.parametrize(
    "where", [(os, "fsync"), (Path, "replace"), (Path, "mkdir"), (os, "fchmod")], ids=lambda at: at[1]
)
def test_a_disk_that_refuses_leaves_the_old_blob_whole_and_nothing_beside_it(local, monkeypatch, where, number, error):
    write.put_bytes(KEY, b"old")
    with monkeypatch.context() as patch:
        patch.setattr(*where, refuse(number))
        with pytest.raises(error):
            write.put_bytes(KEY, b"new")
    assert read.read(KEY, 10) == b"old"
    assert list(folder(local, ".incoming").iterdir()) == []
    assert [blob.key for blob in read.walk()] == [KEY]


def test_a_disk_that_fills_in_mid_copy_leaves_nothing(local, monkeypatch):
    create = temporary.create

    def on_a_full_disk(where, suffix):
        made = create(where, suffix)
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, made.file.fileno())
        os.close(full)
        return made

    monkeypatch.setattr(temporary, "create", on_a_full_disk)
    with pytest.raises(StoreFull):
        write.put_bytes(KEY, b"x" * 100_000)
    assert list(read.walk()) == []
    assert list(folder(local, ".incoming").iterdir()) == []


def test_leftovers_of_copies_are_swept(local):
    write.put_bytes(KEY, b"data")
    leftover = folder(local, ".incoming", temporary.PREFIX + "leftover")
    leftover.write_bytes(b"half")
    assert sweep() == 1
    assert not leftover.exists()


def test_puts_and_removals_that_share_a_folder_do_not_disturb_each_other(local):
    kept, dropped = keys.blob(DIGEST, "kept.whl"), keys.blob(DIGEST, "dropped.whl")
    done = threading.Event()

    def remover():
        while not done.is_set():
            write.remove(dropped)
            write.remove(kept)

    removing = threading.Thread(target=remover)
    removing.start()
    try:
        # The folder is synced after the rename: that it may be gone again by then is this test's own doing.
        for _ in range(200):
            local.secure_root()
            source = local.spool_folder() / "source"
            source.write_bytes(b"data")
            local.rename(source, Path(local.path(kept)))
            assert not source.exists()
    finally:
        done.set()
        removing.join()


def test_a_store_that_was_deleted_under_a_running_server_is_made_again(local):
    write.put_bytes(KEY, b"data")
    write.remove(KEY)
    folder(local, ".incoming").rmdir()
    folder(local).rmdir()
    write.put_bytes(KEY, b"data")
    assert read.read(KEY, 10) == b"data"


def test_django_s_own_interface_keeps_the_name_and_is_as_durable(local, calls):
    assert local.save(KEY, ContentFile(b"one")) == KEY
    assert local.save(KEY, ContentFile(b"two")) == KEY
    with local.open(KEY) as opened:
        assert opened.read() == b"two"
    assert [call for call, _ in calls].count("rename") == 2


def test_django_s_temporary_upload_is_moved(local):
    upload = TemporaryUploadedFile("demo.whl", "application/octet-stream", 4, None)
    upload.write(b"data")
    upload.flush()
    assert local.save(KEY, upload) == KEY
    assert read.read(KEY, 10) == b"data"
    upload.close()  # Django looks for it again, and does not mind that it is gone
