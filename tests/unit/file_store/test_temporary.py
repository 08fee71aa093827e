"""A temporary file is known to be a leftover by the lock its writer no longer holds."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from packages_app.file_store import temporary
from packages_app.file_store.errors import StoreFull, StoreUnavailable

WRITER = """
import sys, time
from pathlib import Path
from packages_app.file_store.temporary import held
with held(Path(sys.argv[1])) as mine:
    mine.file.write(b"half of it")
    mine.file.flush()
    print(mine.path, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_process_left_is_swept_and_not_before(tmp_path):
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        try:
            path = Path(writer.stdout.readline().strip())
            assert temporary.sweep(tmp_path, 0) == 0
            assert path.exists()
        finally:
            writer.send_signal(signal.SIGKILL)
    assert path.exists()
    assert temporary.sweep(tmp_path, 0) == 1
    assert not path.exists()


def test_a_leftover_younger_than_asked_stays(tmp_path):
    young, old = tmp_path / (temporary.PREFIX + "young"), tmp_path / (temporary.PREFIX + "old")
    young.write_bytes(b"")
    old.write_bytes(b"")
    os.utime(old, (time.time() - 100, time.time() - 100))
    assert temporary.sweep(tmp_path, 50) == 1
    assert young.exists()
    assert not old.exists()


def test_a_link_is_not_followed(tmp_path):
    precious = tmp_path / "precious"
    precious.write_bytes(b"x")
    link = tmp_path / (temporary.PREFIX + "link")
    link.symlink_to(precious)
    assert temporary.sweep(tmp_path, 0) == 0
    assert precious.exists()


def test_no_writer_loses_its_file_to_sweeps_that_run_all_the_time(tmp_path):
    done = threading.Event()

    def sweeper():
        while not done.is_set():
            temporary.sweep(tmp_path, 0)

    sweeping = threading.Thread(target=sweeper)
    sweeping.start()
    try:
        for number in range(300):
            with temporary.held(tmp_path) as mine:
                mine.file.write(b"%d" % number)
                mine.file.flush()
                assert mine.path.read_bytes() == b"%d" % number
    finally:
        done.set()
        sweeping.join()
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_between_making_and_locking_is_noticed(tmp_path, monkeypatch):
    real, swept = temporary.lock, []

    def late(descriptor):
        if not swept:
            swept.append(temporary.sweep(tmp_path, 0))
        real(descriptor)

    monkeypatch.setattr(temporary, "lock", late)
    with temporary.held(tmp_path) as mine:
        assert swept == [1]
        assert mine.path.exists()


def test_a_file_system_without_locks_still_takes_uploads(tmp_path, monkeypatch):
    def no_locks(descriptor, operation):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(temporary.fcntl, "flock", no_locks)
    with temporary.held(tmp_path) as mine:
        assert temporary.sweep(tmp_path, 0) == 0
        assert mine.path.exists()


def test_a_full_disk_at_the_last_moment_is_told(tmp_path):
    def fill():
        with temporary.held(tmp_path) as mine:
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, mine.file.fileno())
            os.close(full)
            mine.file.write(b"still in the buffer")

    with pytest.raises(StoreFull):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreUnavailable), temporary.held(tmp_path / "nowhere"):
        pass
