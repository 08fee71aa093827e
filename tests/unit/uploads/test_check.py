"""What decides whether a file may come in, one rule at a time."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from packages_app import names
from packages_app.accounts.entries import Principal
from packages_app.catalogue import read, write
from packages_app.catalogue.entries import Change, Reuse
from packages_app.catalogue.errors import DistributionExists, FileDeleted, ProjectClosed
from packages_app.maintenance.delete import delete_file
from packages_app.maintenance.status import Status, set_status
from packages_app.metadata.entries import CoreMetadata, Inspected
from packages_app.uploads import check
from packages_app.uploads.candidate import Candidate, Claims, Digests
from packages_app.uploads.errors import BadDigest, Disagreement, FileExists, TooLarge
from tests.factories import listed_file

DIGESTS = Digests(sha256="a" * 64, blake2_256="b" * 64, md5="c" * 32)
ANA = Principal(name="ana", trusted=True)
CHANGE = Change(actor="ana", source="test")


def candidate(filename: str = "demo-1.0-py3-none-any.whl", **given) -> Candidate:
    claims = Claims(**{name: given.pop(name) for name in ("name", "version", "filetype", "digests") if name in given})
    return Candidate(
        filename=filename, path=None, size=7, digests=DIGESTS, principal=ANA, source="test", claims=claims, **given
    )


def inspected(name: str = "demo", version: str = "1.0") -> Inspected:
    core = CoreMetadata(metadata_version="2.1", name=name, version=version, requires_python=">=3.9")
    return Inspected(core=core, document=b"Name: demo\n")


@pytest.mark.parametrize(
    ("name", "project", "version"),
    [
        pytest.param("", "foo-bar", "1.0", id="nothing is claimed: split at the last hyphen"),
        pytest.param("Foo_Bar", "foo-bar", "1.0", id="the name that is claimed, in another spelling"),
        pytest.param("other", "foo-bar", "1.0", id="a name that no reading has"),
    ],
)
def test_a_file_name_is_read_as_its_sender_means_it(name, project, version):
    found = check.claimed_distribution(candidate("foo-bar-1.0.tar.gz", name=name))
    assert (found.project, str(found.version)) == (project, version)


@pytest.mark.parametrize(("name", "version"), [("foo-1", "2"), ("foo", "1.post2")])
def test_a_name_that_can_be_split_in_two_ways_is_split_as_claimed(name, version):
    found = check.claimed_distribution(candidate("foo-1-2.tar.gz", name=name))
    assert (found.project, str(found.version)) == (name, version)


@pytest.mark.parametrize(
    "announced",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"sha256": "a" * 64}, id="the digest"),
        pytest.param({"sha256": f" {'A' * 64}\n"}, id="the digest in capitals and with a line end"),
        pytest.param({"sha256": "a" * 64, "md5": "c" * 32, "blake2_256": "b" * 64}, id="every digest"),
    ],
)
def test_what_is_announced_is_what_came(announced):
    check.check_digests(candidate(digests=announced))


@pytest.mark.parametrize(
    "announced",
    [
        pytest.param({"sha256": "d" * 64}, id="another digest"),
        pytest.param({"sha256": "a" * 63}, id="a part of the digest"),
        pytest.param({"sha256": "ä" * 64}, id="no digest at all"),
        pytest.param({"sha256": "a" * 64, "md5": "d" * 32}, id="one right and one wrong digest"),
    ],
)
def test_bytes_that_are_not_the_announced_ones_are_refused(announced):
    with pytest.raises(BadDigest, match="damaged on its way"):
        check.check_digests(candidate(digests=announced))


def test_the_largest_file_comes_in_and_one_byte_more_does_not(settings):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "max_upload_bytes": 7}
    check.check_size(candidate())
    with pytest.raises(TooLarge):
        check.check_size(replace(candidate(), size=8))


@pytest.mark.parametrize(
    ("overwrite", "may_replace", "refused", "reuse"),
    [
        pytest.param(False, True, True, Reuse.SAME_BYTES, id="overwriting is off"),
        pytest.param(True, True, False, Reuse.ANY_BYTES, id="overwriting is on"),
        pytest.param(True, False, True, Reuse.NEVER, id="overwriting is on, and not meant for what was only found"),
        pytest.param(False, False, True, Reuse.NEVER, id="overwriting is off, and the file was only found"),
    ],
)
def test_other_bytes_come_under_a_taken_name_only_where_that_is_meant(settings, overwrite, may_replace, refused, reuse):
    settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrite": overwrite}
    assert check.reuse(may_replace=may_replace) is reuse
    try:
        check.check_overwriting(listed_file(), may_replace=may_replace)
    except FileExists:
        assert refused
    else:
        assert not refused


@pytest.mark.parametrize(
    ("deleted", "filename", "sha256", "may_replace", "error"),
    [
        pytest.param(
            False, "Demo-1.0.tar.gz", "b" * 64, True, DistributionExists, id="another spelling of a listed name"
        ),
        pytest.param(False, "demo-1.0.tar.gz", "b" * 64, True, None, id="a listed name, which the transaction minds"),
        pytest.param(True, "demo-1.0.tar.gz", "a" * 64, True, None, id="the bytes that were deleted"),
        pytest.param(True, "Demo-1.0.tar.gz", "a" * 64, True, None, id="the bytes that were deleted, spelled anew"),
        pytest.param(True, "demo-1.0.tar.gz", "b" * 64, True, FileDeleted, id="other bytes than were deleted"),
        pytest.param(True, "demo-1.0.tar.gz", "a" * 64, False, FileDeleted, id="deleted bytes that were only found"),
        pytest.param(True, "demo-1.0.tar.gz", None, True, None, id="a deleted name, while nobody knows the bytes"),
    ],
)
def test_a_name_that_was_deleted_stays_taken(deleted, filename, sha256, may_replace, error):
    sdist = listed_file(filename="demo-1.0.tar.gz", filetype="sdist")
    write.publish(sdist, display_name="demo", change=CHANGE, fence="")
    if deleted:
        delete_file("demo", sdist.filename, ANA, source="test")
    if error is None:
        check.check_spelling("demo", filename, sha256, may_replace=may_replace)
        return
    with pytest.raises(error, match=r"demo-1\.0\.tar\.gz"):
        check.check_spelling("demo", filename, sha256, may_replace=may_replace)


@pytest.mark.parametrize(
    ("status", "takes"),
    [
        pytest.param(Status.ACTIVE, True, id="an active project"),
        pytest.param(Status.DEPRECATED, True, id="a deprecated project"),
        pytest.param(Status.ARCHIVED, False, id="an archived project"),
        pytest.param(Status.QUARANTINED, False, id="a quarantined project"),
    ],
)
def test_a_closed_project_takes_nothing(status, takes):
    write.publish(listed_file(), display_name="demo", change=CHANGE, fence="")
    if status is not Status.ACTIVE:
        set_status("demo", status, "as agreed", ANA, source="test")
    assert read.project("demo").status is status
    if takes:
        check.check_project("demo")
        return
    with pytest.raises(ProjectClosed, match="as agreed"):
        check.check_project("demo")


@pytest.mark.parametrize(
    ("said", "inside"),
    [
        pytest.param({}, ("Demo", "1.0.0"), id="in other spellings"),
        pytest.param(
            {"name": "DEMO", "version": "1.0.0.0", "filetype": "bdist_wheel"}, ("demo", "1.0"), id="by all three"
        ),
    ],
)
def test_name_form_and_metadata_agree(said, inside):
    given = candidate(**said)
    found = check.agreed(given, names.parse(given.filename), inspected(*inside))
    assert (found.project, str(found.version)) == ("demo", "1.0")


@pytest.mark.parametrize(
    ("said", "inside"),
    [
        pytest.param({}, ("other", "1.0"), id="another project inside"),
        pytest.param({}, ("demo", "1.1"), id="another version inside"),
        pytest.param({"name": "other"}, ("demo", "1.0"), id="another name in the form"),
        pytest.param({"version": "1.0.post1"}, ("demo", "1.0"), id="another version in the form"),
        pytest.param({"version": "one"}, ("demo", "1.0"), id="no version in the form"),
        pytest.param({"filetype": "sdist"}, ("demo", "1.0"), id="another type in the form"),
    ],
)
def test_what_disagrees_is_refused(said, inside):
    given = candidate(**said)
    with pytest.raises(Disagreement):
        check.agreed(given, names.parse(given.filename), inspected(*inside))


def test_what_a_form_claims_is_quoted_without_control_characters_and_not_at_length():
    assert check.plain("a\x1b[2J\n" + "b" * 100) == r"a\x1b[2J\n" + "b" * 74


@pytest.mark.parametrize(
    ("filename", "metadata", "pkg_info"),
    [
        pytest.param("demo-1.0-py3-none-any.whl", True, False, id="a wheel offers its metadata (PEP 658)"),
        pytest.param("demo-1.0.tar.gz", False, True, id="an sdist keeps its own for this index alone"),
    ],
)
def test_a_files_document_is_listed_by_its_kind(filename, metadata, pkg_info):
    found = check.entry(candidate(filename), names.parse(filename), inspected(), signed=b"")
    assert (bool(found.metadata_sha256), found.metadata_size > 0) == (metadata, metadata)
    assert (bool(found.pkg_info_sha256), found.attestations_sha256) == (pkg_info, "")


def test_an_entry_keeps_when_the_file_was_published_elsewhere():
    at = datetime(2020, 1, 2, tzinfo=UTC)
    given = candidate(published_at=at)
    found = check.entry(given, names.parse(given.filename), inspected(), signed=b"[]")
    assert (found.upload_time, found.uploader, found.requires_python) == (at, "ana", ">=3.9")
    assert found.attestations_sha256 == check.hexdigest(b"[]")
