"""Uploads that replace each other, and two runs of reconcile that collect what was replaced, all at the same time."""

import subprocess
import sys
import time

import pytest

from packages_app.catalogue import read
from tests.unit.storage_events.conftest import path_of

WORKER = """
import os, sys, time
os.environ.update(PYPI_DATA=sys.argv[2], PYPI_SECRET_KEY="x", PYPI_PASSWORD="x", PYPI_OVERWRITE="1")
os.environ["DJANGO_SETTINGS_MODULE"] = "pypi_site.settings"
import django
django.setup()
import random
from datetime import timedelta
from packages_app.errors import Unavailable
from packages_app.storage_events import stored
from packages_app.storage_events.entries import Choices
from packages_app.storage_events.reconcile import reconcile
from tests.factories import make_wheel
from tests.homes import upload
stored.SETTLE_SECONDS = 0.0
made = [make_wheel(content=bytes([number])) for number in range(4)]
ends, done = time.monotonic() + float(sys.argv[3]), 0
while time.monotonic() < ends:
    if sys.argv[1] == "upload":
        try:
            upload(random.choice(made))
            done += 1
        except Unavailable:  # the same bytes are being removed; an uploader would try again
            pass
    else:
        found = reconcile(Choices(apply=True, grace=timedelta(0)))
        done += sum(1 for finding in found if finding.outcome.value == "mended")
print(done)
"""
SECONDS = 5


@pytest.fixture
def workers(tmp_path):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, kind, str(tmp_path), str(SECONDS + 2)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for kind in ("upload", "upload", "reconcile", "reconcile")
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_no_listed_file_is_ever_without_its_bytes(files, workers):
    looked, bad = 0, []
    waited = time.monotonic() + 30
    while not read.files("demo") and time.monotonic() < waited:
        time.sleep(0.1)
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        for file in read.files("demo"):
            looked += 1
            if not path_of(files, file).exists() and read.file("demo", file.filename) == file:
                bad.append(file.sha256)  # listed before and after, by one and the same upload, and gone in between
    ended = [process.communicate(timeout=60) for process in workers]
    assert [err for _, err in ended if "Traceback" in err] == []
    assert all(int(out) > 0 for out, _ in ended)
    assert (looked > 20, bad) == (True, [])
    assert all(path_of(files, file).exists() for file in read.files("demo"))
