"""Keys say what a blob is, and cannot lead out of the store."""

import pytest

from packages_app.file_store import keys
from packages_app.file_store.errors import BadKey
from packages_app.file_store.keys import BlobKey

DIGEST = "0123456789abcdef" * 4
NAME = "demo-1.0+cu121-py3-none-any.whl"


def test_a_blob_s_key_is_its_url():
    assert keys.blob(DIGEST, NAME) == f"packages/{DIGEST}/{NAME}"


def test_what_lies_beside_a_file_is_named_after_it():
    assert keys.metadata(DIGEST, NAME) == f"packages/{DIGEST}/{NAME}.metadata"
    assert keys.attestations(DIGEST, NAME) == f"packages/{DIGEST}/{NAME}.attestations"


@pytest.mark.parametrize("kind", ["file", "metadata", "attestations"])
def test_a_key_is_read_as_it_was_made(kind):
    make = {"file": keys.blob, "metadata": keys.metadata, "attestations": keys.attestations}[kind]
    assert keys.parse(make(DIGEST, NAME)) == BlobKey(sha256=DIGEST, filename=NAME, kind=kind)


BAD_DIGESTS = {
    "empty": "",
    "too short": DIGEST[1:],
    "too long": DIGEST + "0",
    "upper case": DIGEST.upper(),
    "not hexadecimal": "g" * 64,
    "with a line end": DIGEST + "\n",
    "a path": "../" + DIGEST[3:],
    "digits of another script": "\u0661" * 64,
}
BAD_NAMES = {
    "empty": "",
    "the folder above": "..",
    "this folder": ".",
    "hidden": ".demo.whl",
    "a path": "a/demo.whl",
    "an absolute path": "/demo.whl",
    "a path of Windows": "a\\demo.whl",
    "with NUL": "demo\0.whl",
    "with a line end": "demo.whl\n",
    "not ASCII": "démo-1.0.tar.gz",
    "a look-alike of a slash": "a\u2215demo.whl",
    "half of a pair": "demo\udc80.whl",
    "with a space": "de mo.whl",
    "percent-encoded": "a%2Fdemo.whl",
    "over-long": "d" * 241,
    "like metadata": "demo.whl.metadata",
    "like attestations": "demo.whl.attestations",
}


@pytest.mark.parametrize("digest", BAD_DIGESTS.values(), ids=BAD_DIGESTS)
@pytest.mark.parametrize("make", [keys.blob, keys.metadata, keys.attestations])
def test_a_digest_is_refused_when(make, digest):
    with pytest.raises(BadKey):
        make(digest, NAME)


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
@pytest.mark.parametrize("make", [keys.blob, keys.metadata, keys.attestations])
def test_a_file_name_is_refused_when(make, name):
    with pytest.raises(BadKey) as caught:
        make(DIGEST, name)
    assert str(caught.value).isascii()
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_strange_key_is_not_read_when_its_name_is(name):
    parsed = keys.parse(f"packages/{DIGEST}/{name}")
    assert parsed is None or parsed.kind != "file"


@pytest.mark.parametrize("digest", BAD_DIGESTS.values(), ids=BAD_DIGESTS)
def test_a_strange_key_is_not_read_when_its_digest_is(digest):
    assert keys.parse(f"packages/{digest}/{NAME}") is None


@pytest.mark.parametrize("key", ["", "packages", "packages/", f"packages/{DIGEST}", f"other/{DIGEST}/{NAME}", NAME])
def test_other_keys_are_not_read(key):
    assert keys.parse(key) is None


def test_the_longest_name_leaves_room_for_what_lies_beside_it():
    key = keys.attestations(DIGEST, "d" * 240)
    keys.check(key)
    assert len(key.rpartition("/")[2]) <= 255


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "a/",
        "/etc/passwd",
        "a//b",
        "../a",
        "a/../b",
        "a/.",
        ".hidden/a",
        "a\\..\\b",
        "a\0",
        "é",
        "a/" * 500 + "a",
    ],
)
def test_a_key_that_could_lead_elsewhere_is_refused(key):
    with pytest.raises(BadKey):
        keys.check(key)


SESSION = "0123456789abcdef" * 2


def test_a_staged_file_s_key_tells_its_session_and_is_no_file_s_key():
    key = keys.staged(SESSION, DIGEST, NAME)
    assert key == f"staging/{SESSION}/{DIGEST}/{NAME}"
    keys.check(key + keys.ATTESTATIONS)
    assert keys.session_of(key) == SESSION
    assert keys.parse(key) is None


@pytest.mark.parametrize("session", ["", "..", SESSION.upper(), SESSION + "0", f"a/{SESSION}"])
def test_a_strange_session_has_no_staged_files(session):
    with pytest.raises(BadKey):
        keys.staged(session, DIGEST, NAME)


@pytest.mark.parametrize("key", ["", "staging", f"staging/{SESSION}", f"packages/{SESSION}/x", "staging/other/x"])
def test_other_keys_are_of_no_session(key):
    assert keys.session_of(key) is None


def test_a_marker_s_key_says_what_is_to_be_done():
    session = "5" * 32
    for filename in ("", "demo-1.0.tar.gz", "release-1.0.tar.gz"):
        key = keys.work(session, filename)
        keys.check(key)
        assert keys.work_of(key) == (session, filename)


@pytest.mark.parametrize(
    "key",
    [
        "work",
        "work/",
        f"work/{'5' * 32}",
        f"work/{'5' * 32}/",
        f"work/{'5' * 32}/file/",
        f"work/{'5' * 32}/file/../x",
        f"work/{'5' * 32}/demo-1.0.tar.gz",
        f"work/{'5' * 31}/release",
        f"work/work/{'5' * 32}/release",
        f"staging/{'5' * 32}/release",
        f"{'5' * 32}/release",
    ],
)
def test_what_is_no_marker_says_nothing(key):
    assert keys.work_of(key) is None


@pytest.mark.parametrize(("session", "filename"), [("x", ""), ("5" * 32, "../x"), ("5" * 32, "a/b.whl")])
def test_no_marker_leads_elsewhere(session, filename):
    with pytest.raises(BadKey):
        keys.work(session, filename)


@pytest.mark.parametrize("project", ["demo", "_names"])
def test_a_kept_page_s_key_tells_its_project(project):
    assert keys.upstream_page_of(keys.upstream_page(project, "a" * 64)) == (project, "a" * 64)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "upstream/pages/demo",
        "upstream/pages/demo/notes",
        f"upstream/pages//{'a' * 64}",
        f"upstream/pages/demo/more/{'a' * 64}",
        f"upstream/pages/../{'a' * 64}",
        f"upstream/files/{'a' * 64}",
        f"demo/{'a' * 64}",
    ],
)
def test_what_is_no_kept_page_is_of_no_project(key):
    assert keys.upstream_page_of(key) is None
