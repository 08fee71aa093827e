"""The commands upload, verify and reconcile, in each home: what they print, change and exit with."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from packages_app.catalogue import read
from packages_app.catalogue.entries import File
from packages_app.file_store import keys
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import BlobMissing
from packages_app.management import operator
from packages_app.management.commands import upload as upload_command
from packages_app.storage_events import stored
from packages_app.storage_events.entries import Kind
from packages_app.tables.base import create_table
from tests.factories import make_sdist, make_wheel, sha256
from tests.functional.commands import manage
from tests.functional.conftest import basic

NAME, WHEEL = make_wheel()
OTHER = make_wheel(content=b"other")[1]


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    monkeypatch.setattr(stored, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def dist(home, tmp_path) -> Path:
    """A folder with a wheel and an sdist, beside an empty index."""
    folder = tmp_path / "dist"
    folder.mkdir()
    for filename, data in (make_wheel(), make_sdist()):
        (folder / filename).write_bytes(data)
    return folder


def bytes_of(file: File) -> bytes:
    return b"".join(store.stream(keys.blob(file.sha256, file.filename), 0, file.size))


def put(filename: str, data: bytes, *, sha: str = "") -> str:
    """Put a file into the store behind the index's back; ``sha`` lies about its bytes."""
    key = keys.blob(sha or sha256(data), filename)
    storages["packages"].save(key, ContentFile(data))
    return key


# --- upload -------------------------------------------------------------------------------------------------------


def test_upload_publishes_every_file_and_leaves_it_where_it_is(dist, client):
    code, said = manage("upload", *sorted(dist.iterdir()), "--as", "ben")
    assert (code, said) == (0, f"{NAME}: published\n{make_sdist()[0]}: published\n")
    assert {file.filename: bytes_of(file) for file in read.files("demo")} == dict([make_wheel(), make_sdist()])
    assert {file.uploader for file in read.files("demo")} == {"ben"}
    assert (dist / NAME).read_bytes() == WHEEL
    assert NAME in client.get("/simple/demo/", headers=basic()).content.decode()


def test_upload_goes_on_after_what_it_cannot_publish(dist):
    (dist / "demo-2.0-py3-none-any.whl").write_bytes(b"no zip")
    (dist / "demo-1.0.egg").write_bytes(b"an egg")
    (dist / "folder").mkdir()
    code, said = manage("upload", *sorted(dist.iterdir()), dist / "demo-9.9.tar.gz")
    assert code == 1
    assert "4 of 6 files were not published" in said
    lines = dict(line.split(": ", 1) for line in said.splitlines()[:-1])
    assert lines[NAME] == lines[make_sdist()[0]] == "published"
    assert lines["folder"].startswith("refused: it is a directory")
    assert lines["demo-9.9.tar.gz"].startswith("refused: there is no such file")
    assert ".whl" in lines["demo-1.0.egg"]
    assert lines["demo-2.0-py3-none-any.whl"].startswith("refused: ")
    assert len(read.files("demo")) == 2


def test_upload_takes_the_same_bytes_again_for_done(dist):
    manage("upload", dist / NAME)
    assert manage("upload", dist / NAME) == (0, f"{NAME}: already published with the same bytes\n")


@pytest.mark.parametrize(
    ("flags", "code", "says", "listed"),
    [
        pytest.param((), 1, "refused: File already exists", WHEEL, id="refused"),
        pytest.param(("--skip-existing",), 1, "refused: File already exists", WHEEL, id="never skipped by its name"),
        pytest.param(("--overwrite",), 0, "replaced", OTHER, id="replaced when asked"),
        pytest.param(("--no-overwrite",), 1, "refused: File already exists", WHEEL, id="refused when asked"),
    ],
)
def test_upload_of_other_bytes_under_a_published_name(dist, flags, code, says, listed):
    manage("upload", dist / NAME)
    (dist / NAME).write_bytes(OTHER)
    found, said = manage("upload", dist / NAME, *flags)
    assert (found, says in said) == (code, True), said
    assert read.file("demo", NAME).sha256 == sha256(listed)


def test_upload_stops_at_the_limit(dist, configure):
    configure(max_upload_bytes=100)
    code, said = manage("upload", dist / NAME)
    assert (code, "larger than" in said) == (1, True)


def test_upload_says_when_a_file_may_not_be_read(dist, monkeypatch):
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(upload_command.Path, "open", forbidden)
    code, said = manage("upload", dist / NAME)
    assert (code, "Permission denied" in said) == (1, True)


def test_upload_is_by_the_account_that_runs_it(dist, monkeypatch):
    monkeypatch.setenv("LOGNAME", "zoe")
    manage("upload", dist / NAME)
    assert read.file("demo", NAME).uploader == "zoe"


def test_an_account_without_a_name_has_a_number(monkeypatch):
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(operator.getpass, "getuser", nameless)
    assert operator.account() == f"uid-{os.getuid()}"


# --- verify -------------------------------------------------------------------------------------------------------


def test_verify_of_a_sound_index(dist):
    manage("upload", *sorted(dist.iterdir()))
    size = len(WHEEL) + len(make_sdist()[1])
    for flags in ((), ("--quick",), ("--project", "DEMO")):
        assert manage("verify", *flags) == (0, f"2 files of {size:,} bytes: 2 sound, 0 damaged\n")


def test_verify_finds_a_file_whose_bytes_changed(dist):
    manage("upload", *sorted(dist.iterdir()))
    put(NAME, bytes(len(WHEEL)), sha=sha256(WHEEL))
    code, said = manage("verify")
    assert code == 1
    assert f"{NAME}: its sha256 is {sha256(bytes(len(WHEEL)))}" in said
    assert "1 sound, 1 damaged" in said
    assert manage("verify", "--quick")[0] == 0


def test_verify_finds_a_file_that_is_gone(dist):
    manage("upload", *sorted(dist.iterdir()))
    store_write.remove(keys.blob(sha256(WHEEL), NAME))
    code, said = manage("verify", "--quick")
    assert (code, f"{NAME}: its bytes are not in the store" in said) == (1, True)


@pytest.mark.parametrize("project", ["nothing", "no/name"])
def test_verify_of_a_project_that_is_not_there(dist, project):
    code, said = manage("verify", "--project", project)
    assert (code, project in said) == (1, True)


# --- reconcile ----------------------------------------------------------------------------------------------------


def test_reconcile_has_nothing_to_do(dist):
    manage("upload", *sorted(dist.iterdir()))
    code, said = manage("reconcile")
    assert code == 0
    counts = dict(line.split() for line in said.splitlines())
    assert counts == dict.fromkeys([kind.value for kind in Kind], "0")


def test_reconcile_tells_first_and_mends_when_asked(dist):
    manage("upload", *sorted(dist.iterdir()))
    put(*make_wheel("found"))
    stray = put(NAME, OTHER)
    store_write.remove(keys.blob(sha256(make_sdist()[1]), make_sdist()[0]))
    store_write.remove(keys.metadata(sha256(WHEEL), NAME))
    storages["packages"].save("packages/notes.txt", ContentFile(b"x"))
    code, said = manage("reconcile", "--grace", "0")
    assert code == 1
    kinds = sorted(line.partition(":")[0] for line in said.splitlines() if ": " in line)
    assert kinds == ["foreign", "missing", "sidecar", "stray", "unlisted"]
    assert "run it again with --apply" in said
    assert [file.filename for file in read.files("demo")] == [NAME, make_sdist()[0]]

    code, said = manage("reconcile", "--apply", "--grace", "0")
    assert code == 0, said
    assert said.count("(mended)") == 4
    assert [file.filename for file in read.files("demo")] == [NAME]
    assert [file.filename for file in read.files("found")] == [make_wheel("found")[0]]
    with pytest.raises(BlobMissing):
        store.stat(stray)
    assert manage("verify")[0] == 0
    # the withdrawn file's row is left for the grace
    assert manage("reconcile", "--apply", "--grace", "0")[1].count("(mended)") == 1
    assert manage("reconcile", "--grace", "0")[0] == 0


def test_reconcile_exits_with_2_where_it_cannot_mend(dist):
    put(NAME, OTHER, sha=sha256(WHEEL))
    assert manage("reconcile")[0] == 1
    code, said = manage("reconcile", "--apply")
    assert (code, f"corrupt: {NAME}: " in said) == (2, True)
    assert read.project("demo") is None


def test_reconcile_refuses_to_empty_the_catalogue(dist):
    manage("upload", dist / NAME)
    store_write.remove(keys.blob(sha256(WHEEL), NAME))
    store_write.remove(keys.metadata(sha256(WHEEL), NAME))
    for flags in ((), ("--apply",)):
        code, said = manage("reconcile", *flags)
        assert (code, "--allow-empty-store" in said) == (2, True)
    assert len(read.files("demo")) == 1
    assert manage("reconcile", "--apply", "--allow-empty-store")[0] == 0
    assert read.files("demo") == ()


def test_reconcile_rebuilds_a_lost_catalogue(home, dist, configure, tmp_path, client):
    manage("upload", *sorted(dist.iterdir()))
    (dist / "other").mkdir()
    filename, data = make_wheel("Other.Name", "2.0+cu121")
    (dist / "other" / filename).write_bytes(data)
    manage("upload", dist / "other" / filename)

    def pages() -> dict[str, list]:
        names = sorted(listed.name for listed in read.listed())
        answers = {
            name: client.get(f"/simple/{name}/?format=application/vnd.pypi.simple.v1+json", headers=basic()).json()
            for name in names
        }
        shown = ("filename", "hashes", "core-metadata", "requires-python", "size", "url", "yanked")
        return {
            name: [[file.get(field) for field in shown] for file in answer["files"]] for name, answer in answers.items()
        }

    before = pages()
    assert set(before) == {"demo", "other-name"}
    if home == "embedded and folder":
        for path in tmp_path.glob("catalogue.sqlite3*"):
            path.unlink()
        configure()
    else:
        configure(table=f"packages-{os.urandom(4).hex()}")
        create_table()
    assert pages() == {}
    assert manage("reconcile")[0] == 1
    code, said = manage("reconcile", "--apply")
    assert (code, said.count("(mended)")) == (0, 3)
    assert pages() == before
    assert manage("verify")[0] == 0
    assert manage("reconcile")[0] == 0


def test_reconcile_never_replaces_even_where_uploads_may(dist, configure, monkeypatch):
    """Somebody uploads under the name after it was found to be free."""
    configure(overwrite=True)
    put(NAME, OTHER)
    looked = stored.listed

    def late(*given):
        assert manage("upload", dist / NAME)[0] == 0
        return looked(*given)

    monkeypatch.setattr(stored, "listed", late)
    assert manage("reconcile", "--apply")[0] == 0
    assert read.file("demo", NAME).sha256 == sha256(WHEEL)


@pytest.mark.parametrize("hours", ["-1", "x", "nan", "1e99"])
def test_reconcile_takes_no_odd_grace(hours):
    code, said = manage("reconcile", "--grace", hours)
    assert (code, "--grace" in said) == (1, True)
