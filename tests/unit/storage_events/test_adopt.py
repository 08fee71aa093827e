"""Files of a folder or another bucket are published once, by the rules of an upload, and the source stays as it is."""

import os
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from packages_app.catalogue import read
from packages_app.file_store.errors import StoreFull
from packages_app.storage_events import adopt as adopting
from packages_app.storage_events.adopt import adopt
from packages_app.storage_events.errors import SourceUnreadable
from packages_app.storage_events.sources import Folder, Offered
from packages_app.tables.errors import TableUnavailable
from tests.factories import make_sdist, make_wheel, sha256
from tests.homes import upload

NAME, WHEEL = make_wheel()
OTHER = make_wheel(content=b"other")[1]
THEN = datetime(2021, 3, 4, 5, 6, 7, 123456, tzinfo=UTC)


@pytest.fixture
def old(tmp_path) -> Path:
    """A folder with a wheel, an sdist, and what else lies about."""
    folder = tmp_path / "old"
    put(folder, NAME, WHEEL)
    put(folder, "below/" + make_sdist()[0], make_sdist()[1])
    return folder


def put(folder: Path, place: str, data: bytes, then: datetime = THEN) -> None:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(0, int(then.timestamp()) * 10**9 + then.microsecond * 1000))


def run(folder: Path, *, apply: bool = True, **given) -> dict[str, str]:
    return {file.place: file.result.value for file in adopt(Folder(folder), apply=apply, **given)}


def test_a_dry_run_checks_and_changes_nothing(old, files):
    put(old, "demo-2.0-py3-none-any.whl", b"no zip")
    assert run(old, apply=False) == {
        NAME: "would be published",
        "demo-2.0-py3-none-any.whl": "refused",
        "below/" + make_sdist()[0]: "would be published",
    }
    assert read.project("demo") is None
    assert not files.exists()


def test_files_are_published_with_their_own_time(old):
    assert set(run(old).values()) == {"published"}
    assert {(file.filename, file.sha256, file.upload_time, file.uploader) for file in read.files("demo")} == {
        (NAME, sha256(WHEEL), THEN, "import"),
        (make_sdist()[0], sha256(make_sdist()[1]), THEN, "import"),
    }


def test_a_time_in_the_future_is_now(old):
    put(old, NAME, WHEEL, datetime.now(UTC) + timedelta(days=30))
    run(old)
    assert read.file("demo", NAME).upload_time < datetime.now(UTC)
    assert set(run(old).values()) == {"already published"}


def test_a_second_run_reads_nothing_that_the_first_published(old, monkeypatch):
    run(old)

    def unread(*_):
        raise AssertionError("a file was read")

    monkeypatch.setattr(Folder, "reading", unread)
    assert set(run(old).values()) == {"already published"}
    assert set(run(old, apply=False).values()) == {"already published"}


def test_a_run_that_was_cut_off_is_completed_by_the_next(old):
    for _ in adopt(Folder(old), apply=True):
        break
    assert len(read.files("demo")) == 1
    assert sorted(run(old).values()) == ["already published", "published"]


@pytest.mark.parametrize("apply", [False, True])
def test_bytes_that_somebody_uploaded_are_already_published(old, apply):
    upload((NAME, WHEEL))
    assert run(old, apply=apply)[NAME] == "already published"
    assert read.file("demo", NAME).uploader == "ana"


@pytest.mark.parametrize("apply", [False, True])
def test_other_bytes_are_refused_even_where_overwriting_is_on(old, overwriting, apply):
    upload((NAME, OTHER))
    (refusal,) = [file for file in adopt(Folder(old), apply=apply) if file.place == NAME]
    assert (refusal.result.value, "already exists" in refusal.sentence) == ("refused", True)
    assert read.file("demo", NAME).sha256 == sha256(OTHER)


@pytest.mark.parametrize("apply", [False, True])
def test_a_name_that_the_source_has_twice_is_foretold_as_it_comes(old, apply):
    put(old, f"z/{NAME}", OTHER)
    put(old, f"zz/{NAME}", WHEEL)
    said = run(old, apply=apply)
    assert (said[f"z/{NAME}"], said[f"zz/{NAME}"]) == ("refused", "already published")


@pytest.mark.parametrize("name", ["notes.txt", "demo-1.0.tar.bz2", "demo-1.0.egg", "démo-1.0.tar.gz", ".hidden"])
def test_what_is_no_distribution_is_told_and_left(old, name):
    put(old, name, b"x")
    assert run(old)[name] == "no distribution"


def test_too_large_a_file_is_refused_unread(old, settings, monkeypatch):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 10}
    monkeypatch.setattr(Folder, "reading", None)
    assert set(run(old).values()) == {"refused"}


def test_a_file_that_grows_while_it_is_read_is_refused_at_the_limit(old, settings, monkeypatch):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 10}
    monkeypatch.setattr(Folder, "walk", lambda _: iter([Offered(place=NAME, size=10, modified=THEN)]))
    chunks = iter([b"x" * 6, b"x" * 6, b"never read"])
    monkeypatch.setattr(Folder, "reading", lambda *_: nullcontext(chunks))
    assert run(old) == {NAME: "refused"}
    assert list(chunks) == [b"never read"]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(old, monkeypatch):
    gone = Offered(place="gone-1.0-py3-none-any.whl", size=10, modified=THEN)
    real = Folder.walk
    monkeypatch.setattr(Folder, "walk", lambda self: iter([gone, *real(self)]))
    said = list(adopt(Folder(old), apply=True))
    assert [file.result.value for file in said] == ["refused", "published", "published"]
    assert "cannot be read" in said[0].sentence


@pytest.mark.parametrize("error", [TableUnavailable("later"), StoreFull("full")], ids=repr)
def test_an_index_that_cannot_take_more_ends_the_run(old, monkeypatch, error):
    def failing(_):
        raise error

    monkeypatch.setattr(adopting, "publish", failing)
    with pytest.raises(type(error)):
        run(old)


def test_a_folder_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(SourceUnreadable, match="No such file"):
        run(tmp_path / "nothing")


def test_what_only_the_table_lists_is_told(old):
    table = [NAME, "demo-1.0%2Bcu-py3-none-any.whl", "lost-1.0.tar.gz"]
    put(old, "demo-1.0+cu-py3-none-any.whl", make_wheel(version="1.0+cu")[1])
    said = run(old, table=table)
    assert [place for place, result in said.items() if result == "only in the table"] == ["lost-1.0.tar.gz"]


def test_progress_is_told(old):
    seen = []
    run(old, table=["a"], progress=lambda *said: seen.append(said))
    assert seen == [("files", 1, 0), ("files", 2, 0), ("rows of the table", 1, 0)]
