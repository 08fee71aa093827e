"""What becomes of bytes in the store that nothing lists."""

import base64
import json
from datetime import timedelta

import pytest

from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Status
from packages_app.storage_events import stored
from packages_app.uploads.errors import TooLarge
from tests.factories import make_sdist, make_wheel, metadata, sha256
from tests.homes import upload
from tests.unit.storage_events.conftest import path_of, put, run, told

NAME, WHEEL = make_wheel()
OTHER = (NAME, make_wheel(content=b"other")[1])
OLD = timedelta(hours=48)


def listed(project: str = "demo") -> dict[str, str]:
    return {file.filename: file.sha256 for file in read.files(project)}


def test_an_unlisted_file_is_told_in_a_dry_run_and_nothing_changes(files):
    put(files, (NAME, WHEEL))
    assert told(run()) == [("unlisted", NAME, "found")]
    assert read.project("demo") is None


@pytest.mark.parametrize("made", [make_wheel(), make_sdist()], ids=["a wheel", "an sdist"])
def test_an_unlisted_file_is_listed_as_it_lies_there(files, made):
    path = put(files, made, age=OLD)
    before = path.stat()
    assert told(run(apply=True)) == [("unlisted", made[0], "mended")]
    (file,) = read.files("demo")
    assert (file.sha256, file.uploader, file.size) == (sha256(made[1]), "reconcile", len(made[1]))
    assert file.upload_time.timestamp() == pytest.approx(before.st_mtime, abs=1e-5)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    if file.metadata_sha256:
        assert sha256(path_of(files, file, ".metadata").read_bytes()) == file.metadata_sha256
    assert run(apply=True) == []


def test_bytes_that_are_not_those_of_their_key_are_told_and_left(files):
    path = put(files, (NAME, WHEEL), sha256="a" * 64, age=OLD)
    assert told(run()) == [("corrupt", NAME, "found")]
    assert told(run(apply=True)) == [("corrupt", NAME, "not mended")]
    assert path.exists()
    assert read.project("demo") is None


def test_the_newer_of_two_is_listed_and_the_older_is_a_stray(files):
    older = put(files, OTHER, age=OLD)
    put(files, (NAME, WHEEL))
    expected = [("unlisted", NAME), ("stray", NAME)]
    assert told(run()) == [(*pair, "found") for pair in expected]
    assert told(run(apply=True)) == [(*pair, "mended") for pair in expected]
    assert listed() == {NAME: sha256(WHEEL)}
    assert not older.exists()
    assert run() == []


@pytest.mark.parametrize(
    "made",
    [
        pytest.param((NAME, b"no archive"), id="no archive at all"),
        pytest.param((NAME, make_wheel(core=metadata("other"))[1]), id="another project inside"),
    ],
)
def test_where_the_newer_is_refused_the_older_is_listed(files, made):
    refused = put(files, made)
    put(files, (NAME, WHEEL), age=OLD)
    assert told(run(apply=True)) == [("unlisted", NAME, "not mended"), ("unlisted", NAME, "mended")]
    assert listed() == {NAME: sha256(WHEEL)}
    assert refused.exists()


def test_a_stray_stays_for_the_grace(files):
    upload((NAME, WHEEL))
    path = put(files, OTHER, age=OLD)
    assert run(apply=True, grace=timedelta(hours=49)) == []
    assert told(run()) == [("stray", NAME, "found")]
    assert path.exists()
    assert told(run(apply=True)) == [("stray", NAME, "mended")]
    assert not path.exists()
    assert listed() == {NAME: sha256(WHEEL)}
    assert read.retired("demo") == ()


def test_a_file_never_replaces_another_while_it_is_listed_from_the_store(files, monkeypatch):
    """Somebody uploads under the name between the two looks."""
    put(files, OTHER, age=OLD)
    looked = stored.listed

    def late(*given):
        upload((NAME, WHEEL))
        return looked(*given)

    monkeypatch.setattr(stored, "listed", late)
    assert told(run(apply=True)) == [("stray", NAME, "mended")]
    assert listed() == {NAME: sha256(WHEEL)}


def test_an_old_sdist_name_of_two_projects_is_listed_for_the_one_inside(files):
    mine = make_sdist("foo-bar", "1.0", stem="foo-bar-1.0-1", core=metadata("foo-bar", "1.0-1"))
    theirs = make_sdist("foo-bar", "1.0", stem="foo-bar-1.0-1", core=metadata("foo-bar-1.0", "1"))
    put(files, mine)
    put(files, theirs, age=OLD)
    findings = told(run(apply=True))
    assert findings == [("unlisted", mine[0], "mended")] * 2
    assert listed("foo-bar") == {mine[0]: sha256(mine[1])}
    assert listed("foo-bar-1-0") == {mine[0]: sha256(theirs[1])}
    assert run() == []


def test_a_closed_project_takes_nothing_from_the_store_either(files):
    upload(make_wheel(version="0.9"))
    write.set_status("demo", Status.ARCHIVED, reason="done", change=Change(actor="ana"))
    put(files, (NAME, WHEEL))
    (finding,) = run(apply=True)
    assert finding.outcome.value == "not mended"
    assert "archived" in finding.sentence


def test_what_the_store_refuses_does_not_stop_the_rest(files, monkeypatch):
    put(files, (NAME, WHEEL))
    put(files, make_wheel("other"))
    looked = stored.listed

    def listing(found, *given):
        if found.filename == NAME:
            raise TooLarge("The file is too large.")
        return looked(found, *given)

    monkeypatch.setattr(stored, "listed", listing)
    assert {row[1:] for row in told(run(apply=True))} == {(NAME, "not mended"), (make_wheel("other")[0], "mended")}


@pytest.mark.parametrize("name", ["README.txt", "demo-1.0.exe", "demo.metadata.bak", "demo-x.tar.gz"])
def test_what_is_no_distribution_is_told_and_left_alone(files, name):
    path = put(files, (name, b"x"), age=OLD)
    (files / "packages" / "notes").write_bytes(b"x")
    findings = told(run(apply=True))
    assert [(kind, outcome) for kind, _, outcome in findings] == [("foreign", "left alone")] * 2
    assert {target for _, target, _ in findings} == {"packages/notes", str(path.relative_to(files))}
    assert path.exists()


@pytest.mark.parametrize("beside", [".metadata", ".attestations"])
def test_an_orphan_is_removed_after_the_grace(files, beside):
    path = put(files, (NAME, b"text"), sha256="b" * 64, beside=beside, age=OLD)
    fresh = put(files, (NAME, b"text"), sha256="c" * 64, beside=beside)
    assert told(run()) == [("orphan", NAME, "found")]
    assert told(run(apply=True)) == [("orphan", NAME, "mended")]
    assert not path.exists()
    assert fresh.exists()
    assert read.retired("demo") == ()


def test_an_orphan_beside_what_is_no_distribution_is_foreign(files):
    path = put(files, ("README.txt", b"text"), sha256="b" * 64, beside=".metadata", age=OLD)
    assert told(run(apply=True)) == [
        ("foreign", str(path.relative_to(files)).removesuffix(".metadata"), "left alone"),
    ]
    assert path.exists()


def attestations(data: bytes = WHEEL) -> str:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": NAME, "digest": {"sha256": sha256(data)}}],
        "predicateType": "https://slsa.dev/provenance/v1",
    }
    attestation = {
        "version": 1,
        "verification_material": {"certificate": base64.b64encode(b"c").decode(), "transparency_entries": [{"a": 1}]},
        "envelope": {
            "statement": base64.b64encode(json.dumps(statement).encode()).decode(),
            "signature": base64.b64encode(b"s").decode(),
        },
    }
    return json.dumps([attestation])


@pytest.mark.parametrize(
    ("beside", "kept"),
    [
        pytest.param(attestations().encode(), True, id="its own"),
        pytest.param(attestations(b"others").encode(), False, id="of other bytes"),
        pytest.param(b"[{}]", False, id="of another form"),
        pytest.param(b"\xff\xfe", False, id="no text"),
    ],
)
def test_attestations_in_the_store_are_taken_along_where_they_hold(files, beside, kept):
    put(files, (NAME, WHEEL))
    put(files, (NAME, beside), sha256=sha256(WHEEL), beside=".attestations")
    assert told(run(apply=True)) == [("unlisted", NAME, "mended")]
    assert bool(read.file("demo", NAME).attestations_sha256) is kept
    assert run() == []


def test_fresh_bytes_are_given_time_to_be_listed_by_their_upload(files, monkeypatch):
    monkeypatch.setattr(stored, "SETTLE_SECONDS", 5.0)
    slept = []
    monkeypatch.setattr(stored.time, "sleep", lambda seconds: slept.append(seconds) or upload((NAME, WHEEL)))
    put(files, (NAME, WHEEL))
    assert run(apply=True, grace=timedelta(0)) == []
    assert 4 < slept[0] <= 5
    assert read.file("demo", NAME).uploader == "ana"
