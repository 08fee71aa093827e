"""The journey as a whole: rebuilding, the guard of an empty store, leftovers, two runs at once."""

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.signals import setting_changed

from packages_app.accounts.entries import Principal
from packages_app.catalogue import read
from packages_app.catalogue.entries import File
from packages_app.file_store import keys, temporary
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.storage_events import inventory
from packages_app.storage_events import reconcile as journey
from packages_app.storage_events.entries import Choices
from packages_app.storage_events.errors import EmptyStore, WrongState
from packages_app.uploads.sessions import staging
from packages_app.uploads.sessions.create import create
from tests.factories import make_sdist, make_wheel, sha256
from tests.homes import upload
from tests.unit.storage_events.conftest import path_of, put, run, told

NAME, WHEEL = make_wheel()


def pages() -> dict[tuple[str, str], tuple[str, str, str]]:
    """What installers read: name and file name to digests and Requires-Python."""
    return {
        (listed.name, file.filename): (file.sha256, file.metadata_sha256, file.requires_python)
        for listed in read.listed()
        for file in read.files(listed.name)
    }


def test_an_empty_index_has_nothing_to_do():
    assert run(apply=True) == []


@pytest.mark.parametrize("apply", [False, True], ids=["dry", "applied"])
def test_a_store_without_any_file_does_not_empty_the_catalogue(files, apply):
    file = upload((NAME, WHEEL))
    shutil.rmtree(files)
    with pytest.raises(EmptyStore, match="--allow-empty-store"):
        run(apply=apply)
    assert read.files("demo") == (file,)


def test_a_store_that_is_really_empty_empties_the_catalogue_when_told(files):
    upload((NAME, WHEEL))
    shutil.rmtree(files)
    assert told(run(apply=True, allow_empty_store=True)) == [("missing", NAME, "mended")]
    assert read.files("demo") == ()
    assert run() == []


def test_a_lost_catalogue_is_rebuilt_from_the_files(files, tmp_path, settings):
    if settings.PACKAGES_APP["table"]:
        pytest.skip("only the embedded catalogue is a file that can be lost")
    uploaded: list[File] = [
        upload(made)
        for name in ("demo", "Other.Name", "third")
        for made in (make_wheel(name), make_wheel(name, "2.0+cu121", requires_python=">=3.11"), make_sdist(name))
    ]
    before = pages()
    for path in tmp_path.glob("catalogue.sqlite3*"):
        path.unlink()
    setting_changed.send(None, setting="PACKAGES_APP", value=settings.PACKAGES_APP, enter=True)
    assert pages() == {}
    assert Counter(outcome for _, _, outcome in told(run(apply=True))) == {"mended": len(uploaded)}
    assert pages() == before
    assert read.project("other-name").display_name == "Other.Name"
    assert run() == []


def test_two_runs_at_once_mend_everything_once(files):
    for number in range(12):
        put(files, make_wheel("demo", f"1.{number}"))
    gone = upload(make_wheel("gone"))
    path_of(files, gone).unlink()
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run, apply=True) for _ in range(2)]
        findings = [finding for done in runs for finding in done.result()]
    assert all(finding.outcome.value in {"mended", "left alone"} for finding in findings)
    assert len(read.files("demo")) == 12
    assert read.files("gone") == ()
    assert run() == []


def test_what_a_killed_upload_left_in_the_spool_is_cleared_when_applied(tmp_path, monkeypatch):
    monkeypatch.setattr(journey, "LEFTOVER_SECONDS", 0.0)
    leftover = tmp_path / "incoming" / f"{temporary.PREFIX}left"
    leftover.parent.mkdir()
    leftover.write_bytes(b"half")
    run()
    assert leftover.exists()
    run(apply=True)
    assert not leftover.exists()


def test_stages_are_told_to_the_progress(files):
    upload((NAME, WHEEL))
    put(files, make_sdist())
    seen = []
    list(journey.reconcile(Choices(), lambda *told: seen.append(told)))
    assert seen == [
        ("stored files", 1, 0),
        ("stored files", 2, 0),
        ("stored files", 3, 0),
        ("projects", 1, 0),
        ("unlisted names", 1, 1),
    ]


def test_files_of_upload_sessions_are_not_listed_and_go_with_their_session(files, monkeypatch):
    monkeypatch.setattr(staging, "SETTLED", timedelta(0))
    session = create("demo", "1.0", Principal(name="ana"))
    live = keys.staged(session.id, sha256(WHEEL), NAME)
    ended = keys.staged("0" * 32, sha256(WHEEL), NAME)
    for key in (live, ended):
        store_write.put_bytes(key, WHEEL)
    assert run() == []
    assert [blob.key for blob in store.walk(keys.STAGING)] == sorted([live, ended])
    assert run(apply=True) == []
    assert [blob.key for blob in store.walk(keys.STAGING)] == [live]
    assert read.project("demo") is None


class Stopped(Exception):
    """Stands for a killed process."""


@pytest.mark.parametrize(
    ("stage", "at"),
    [
        pytest.param("stored files", 3, id="while the store is listed"),
        pytest.param("projects", 3, id="while the catalogue is gone through"),
        pytest.param("unlisted names", 2, id="while files are listed"),
    ],
)
def test_a_run_that_was_stopped_goes_on_where_it_was(files, tmp_path, monkeypatch, stage, at):
    monkeypatch.setattr(inventory, "EVERY", 1)
    for number in range(4):
        upload(make_wheel(f"kept-{number}"))
        put(files, make_wheel(f"unlisted-{number}"))
    state = tmp_path / "state"

    def stop(now: str, done: int, total: int) -> None:
        if (now, done) == (stage, at):
            raise Stopped

    choices = Choices(apply=True, state=state)
    with pytest.raises(Stopped):
        list(journey.reconcile(choices, stop))
    assert state.exists()
    seen = []
    list(journey.reconcile(choices, lambda *told: seen.append(told)))
    assert not state.exists()
    assert {name for name, _ in pages()} == {f"{kind}-{number}" for kind in ("kept", "unlisted") for number in range(4)}
    listed = [done for now, done, _ in seen if now == "stored files"]
    assert len(listed) < 16  # eight wheels with their metadata: not all of them again
    assert run(apply=True) == []


def test_a_state_of_another_run_is_refused(tmp_path):
    upload((NAME, WHEEL))
    state = tmp_path / "state"
    with pytest.raises(Stopped):
        list(journey.reconcile(Choices(state=state), stop_at_once))
    with pytest.raises(WrongState, match="other choices"):
        list(journey.reconcile(Choices(apply=True, state=state)))
    state.write_bytes(b"no database" * 100)
    with pytest.raises(WrongState, match="remove it"):
        list(journey.reconcile(Choices(state=state)))


def stop_at_once(*_: object) -> None:
    raise Stopped
