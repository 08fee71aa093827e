"""Documents that clients send: each field is checked, and a refusal says which one."""

import json

import pytest

from packages_app.uploads.sessions import forms
from packages_app.uploads.sessions.errors import BadDocument, WrongMediaType

META = {"api-version": "2.0"}
SHA256 = "AB" * 32
FILE = {"filename": "demo-1.0.tar.gz", "size": 7, "hashes": {"sha256": SHA256}, "mechanism": "http-post-bytes"}


def body(**fields: object) -> bytes:
    return json.dumps({"meta": META, **fields}).encode()


def refused(document: bytes, read=forms.session) -> list[str]:
    with pytest.raises(BadDocument) as caught:
        read(document, forms.V2)
    return [place for place, _ in caught.value.errors]


def test_a_session_has_a_name_and_a_version():
    assert forms.session(body(name="demo", version="1.0", more=1), forms.V2) == ("demo", "1.0")


@pytest.mark.parametrize(
    ("document", "places"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"[]", [], id="a list"),
        pytest.param(b"[" * 100_000, [], id="too deep"),
        pytest.param(b"\xff", [], id="no text"),
        pytest.param(b'"' + b"x" * 70_000 + b'"', [], id="too long"),
        pytest.param(b"{}", ["meta.api-version"], id="no version of the API"),
        pytest.param(b'{"meta": "2.0"}', ["meta.api-version"], id="a text for meta"),
        pytest.param(b'{"meta": {"api-version": "1.0"}}', ["meta.api-version"], id="another version of the API"),
        pytest.param(body(), ["name", "version"], id="no field"),
        pytest.param(body(name=7, version=""), ["name", "version"], id="fields of other kinds"),
    ],
)
def test_a_document_is_refused_that_is(document, places):
    assert refused(document) == places


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_another_type_is_refused(content_type):
    with pytest.raises(WrongMediaType):
        forms.session(body(name="demo", version="1"), content_type)


@pytest.mark.parametrize("content_type", [forms.V2, "Application/JSON; charset=utf-8"])
def test_json_is_read(content_type):
    assert forms.session(body(name="demo", version="1"), content_type) == ("demo", "1")


def test_a_file_keeps_the_digests_that_are_checked():
    hashes = {"sha256": SHA256, "md5": "0" * 32, "sha3_512": "whatever"}
    found = forms.new_file(body(**FILE | {"hashes": hashes}), forms.V2)
    assert found.hashes == {"sha256": SHA256.lower(), "md5": "0" * 32}
    assert (found.filename, found.size, found.mechanism) == ("demo-1.0.tar.gz", 7, "http-post-bytes")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        pytest.param({"filename": None}, "filename", id="no name"),
        pytest.param({"mechanism": ["x"]}, "mechanism", id="a list of mechanisms"),
        pytest.param({"size": 0}, "size", id="no bytes"),
        pytest.param({"size": -1}, "size", id="fewer than none"),
        pytest.param({"size": "7"}, "size", id="a text for a size"),
        pytest.param({"size": True}, "size", id="a truth for a size"),
        pytest.param({"size": 7.0}, "size", id="a fraction for a size"),
        pytest.param({"hashes": None}, "hashes.sha256", id="no digest"),
        pytest.param({"hashes": {"md5": "0" * 32}}, "hashes.sha256", id="a weak digest only"),
        pytest.param({"hashes": {"sha256": "0"}}, "hashes.sha256", id="half a digest"),
        pytest.param({"hashes": {"sha256": 7}}, "hashes.sha256", id="a number for a digest"),
        pytest.param({"hashes": {"sha256": SHA256, "md5": "x" * 32}}, "hashes.md5", id="letters for a digest"),
    ],
)
def test_a_file_is_refused_with(changes, place):
    assert refused(body(**FILE | changes), forms.new_file) == [place]


@pytest.mark.parametrize("seconds", [None, 0, -5, "60", 1.5, True])
def test_an_extension_is_whole_seconds(seconds):
    assert refused(body(**{"extend-for": seconds}), forms.extension) == ["extend-for"]
    assert forms.extension(body(**{"extend-for": 60}), forms.V2) == 60
