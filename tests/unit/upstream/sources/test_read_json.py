import json

import pytest

from packages_app.upstream.entries import Why
from packages_app.upstream.errors import SourceFailed
from packages_app.upstream.sources import read_json

URL = "https://index.example/simple/demo/"
DIGEST = "a" * 64


def page(*files, **keys):
    document = {"meta": {"api-version": "1.4"}, "name": "demo", "files": list(files), **keys}
    return read_json.page(json.dumps(document).encode(), "demo", URL)


def file(**keys):
    entry = {"filename": "demo-1.0-py3-none-any.whl", "url": "f.whl", "hashes": {"sha256": DIGEST}}
    return entry | {name.replace("_", "-"): value for name, value in keys.items()}


def only(**keys):
    (found,) = page(file(**keys)).files
    return found


def test_everything_that_an_entry_says_is_taken_over():
    found = only(
        size=12,
        upload_time="2026-11-22T10:00:00.5Z",
        requires_python=">=3.9",
        core_metadata={"sha256": "B" * 64},
        yanked="broken",
        provenance="/integrity/demo",
        gpg_sig=True,
    )
    assert found.url == "https://index.example/simple/demo/f.whl"
    assert found.hashes == (("sha256", DIGEST),)
    assert (found.size, found.upload_time) == (12, "2026-11-22T10:00:00.500000Z")
    assert (found.requires_python, found.core_metadata) == (">=3.9", "b" * 64)
    assert (found.yanked, found.yanked_reason) == (True, "broken")
    assert found.provenance == "https://index.example/integrity/demo"
    assert (found.version, found.filetype) == ("1.0", "bdist_wheel")


def test_what_an_entry_does_not_say_is_not_invented():
    found = only()
    assert (found.size, found.upload_time, found.requires_python, found.core_metadata) == (None, "", "", "")
    assert (found.yanked, found.yanked_reason, found.provenance) == (False, "", "")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"core_metadata": True}, "true"),
        ({"core_metadata": False}, ""),
        ({"core_metadata": {"sha256": "x"}}, "true"),
        ({"data-dist-info-metadata": {"sha256": DIGEST}}, DIGEST),
        ({"dist_info_metadata": True}, "true"),
        ({"core_metadata": False, "dist_info_metadata": True}, ""),
    ],
)
def test_metadata_goes_by_the_newest_key(keys, expected):
    assert only(**keys).core_metadata == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000000Z"),
        ("2026-11-22T10:00:00.123456Z", "2026-11-22T10:00:00.123456Z"),
        ("2026-11-22T10:00:00+02:00", "2026-11-22T08:00:00.000000Z"),
        ("2026-11-22T10:00:00", ""),
        ("yesterday", ""),
        ("0001-01-01T00:00:00+23:00", ""),
        (7, ""),
    ],
)
def test_an_upload_time_is_one_in_a_known_zone_or_none(said, expected):
    assert only(upload_time=said).upload_time == expected


@pytest.mark.parametrize("size", [-1, True, "12", 1.5, 2**60])
def test_a_size_that_is_none_is_left_out(size):
    assert only(size=size).size is None


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        pytest.param({"filename": "../demo-1.0.tar.gz"}, Why.UNSAFE_NAME, id="a name with folders"),
        pytest.param({"filename": ".demo-1.0.tar.gz"}, Why.UNSAFE_NAME, id="a hidden name"),
        pytest.param({"filename": "demo-1.0.tar.gz\n"}, Why.UNSAFE_NAME, id="a name with a line end"),
        pytest.param({"filename": "d" * 300 + "-1.0.tar.gz"}, Why.UNSAFE_NAME, id="an endless name"),
        pytest.param({"filename": "demo-1.0.tar.gz.metadata"}, Why.UNSAFE_NAME, id="what lies beside a file"),
        pytest.param({"filename": "evil-1.0-py3-none-any.whl"}, Why.OTHER_PROJECT, id="another project's wheel"),
        pytest.param({"filename": "evil-1.0.tar.gz"}, Why.OTHER_PROJECT, id="another project's sdist"),
        pytest.param({"url": "javascript:alert(1)"}, Why.BAD_URL, id="a script"),
        pytest.param({"url": "file:///etc/passwd"}, Why.BAD_URL, id="a local file"),
        pytest.param({"url": "ftp://index.example/f.whl"}, Why.BAD_URL, id="ftp"),
        pytest.param({"url": "https://ana:secret@index.example/f.whl"}, Why.BAD_URL, id="credentials"),
        pytest.param({"url": "https://[::1/f.whl"}, Why.BAD_URL, id="half an address"),
        pytest.param({"url": "https://index.example/a b.whl"}, Why.BAD_URL, id="a space"),
        pytest.param({"hashes": {"sha256": "abc"}}, Why.BAD_HASH, id="a short digest"),
        pytest.param({"hashes": {"sha256": "z" * 64}}, Why.BAD_HASH, id="a digest of other letters"),
    ],
)
def test_a_file_that_is_not_safe_is_hidden_and_the_others_stay(keys, why):
    found = page(file(**keys), file(filename="demo-2.0.tar.gz"))
    assert [each.why for each in found.hidden] == [why]
    assert [each.filename for each in found.files] == ["demo-2.0.tar.gz"]


def test_a_name_listed_twice_with_different_hashes_stands_for_neither():
    found = page(file(), file(hashes={"sha256": "b" * 64}), file())
    assert found.files == ()
    assert [each.why for each in found.hidden] == [Why.CONTRADICTION]


def test_a_name_listed_twice_alike_stands_once():
    assert len(page(file(), file()).files) == 1


def test_hashes_of_other_kinds_are_passed_on_and_unknown_ones_left_out():
    assert only(hashes={"SHA256": DIGEST.upper(), "md5": "c" * 32, "crc32": "zz"}).hashes == (
        ("md5", "c" * 32),
        ("sha256", DIGEST),
    )


@pytest.mark.parametrize("filename", ["demo-1.0.zip", "demo-1.0-py3.8.egg", "demo-1.0.win32.exe", "demo-odd.tar.gz"])
def test_old_kinds_are_passed_on_without_a_version(filename):
    found = only(filename=filename)
    assert (found.version, found.filetype) == ("", "")


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"name": "other"}, id="another project"),
        pytest.param({"name": None}, id="no name"),
        pytest.param({"meta": {"api-version": "2.0"}}, id="another version"),
        pytest.param({"meta": {}}, id="no version"),
        pytest.param({"files": {}}, id="no list of files"),
        pytest.param({"files": ["demo-1.0.tar.gz"]}, id="a file that is no object"),
        pytest.param({"files": [{"filename": "f", "url": "u"}]}, id="a file without hashes"),
        pytest.param({"files": [{"url": "u", "hashes": {}}]}, id="a file without a name"),
        pytest.param({"files": [{"filename": "f", "url": "u", "hashes": {"sha256": 7}}]}, id="a hash that is no text"),
        pytest.param({"versions": "1.0"}, id="versions that are no list"),
        pytest.param({"project-status": {"status": "exploded"}}, id="an unknown status"),
    ],
)
def test_what_is_no_page_is_refused_whole(keys):
    with pytest.raises(SourceFailed, match="cannot be read"):
        page(**keys)


@pytest.mark.parametrize("place", ["top", "meta"])
def test_the_status_is_read_from_where_it_is(place):
    status = {"project-status": {"status": "archived", "reason": "done"}}
    found = page(**status) if place == "top" else page(meta={"api-version": "1.4", **status})
    assert (found.status, found.status_reason) == ("archived", "done")


def test_names_are_normalised_and_those_that_are_none_left_out():
    document = {"meta": {"api-version": "1.0"}, "projects": [{"name": "De_Mo"}, {"name": "../x"}, {}, 7]}
    assert list(read_json.names(json.dumps(document).encode())) == ["de-mo"]
