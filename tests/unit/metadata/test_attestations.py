"""Attestations: of PEP 740's form, and about the file they come with."""

import base64
import json

import pytest

from packages_app.metadata import attestations
from packages_app.metadata.errors import BadAttestations

FILENAME = "demo_pkg-1.0-py3-none-any.whl"
SHA256 = "ab" * 32


def b64(data):
    return base64.b64encode(data).decode()


def statement(name=FILENAME, sha256=SHA256, **changes):
    said = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": sha256}}],
        "predicateType": "https://index.example/publish/v1",
        "predicate": None,
    }
    return b64(json.dumps({**said, **changes}).encode())


def attestation(**changes):
    whole = {
        "version": 1,
        "verification_material": {"certificate": b64(b"der"), "transparency_entries": [{"logIndex": "1"}]},
        "envelope": {"statement": statement(), "signature": b64(b"signed")},
    }
    return {**whole, **changes}


def material(**changes):
    return attestation(verification_material={**attestation()["verification_material"], **changes})


def envelope(**changes):
    return attestation(envelope={**attestation()["envelope"], **changes})


def check(*found):
    return attestations.check(json.dumps(found), filename=FILENAME, sha256=SHA256)


def test_attestations_are_kept_in_canonical_form():
    spaced = json.dumps([attestation(), attestation()], indent=4)

    kept = attestations.check(spaced, filename=FILENAME, sha256=SHA256)

    assert json.loads(kept) == [attestation(), attestation()]
    assert kept == check(attestation(), attestation())
    assert b" " not in kept


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(attestation(extra=1), id="a field that a later version may add"),
        pytest.param(material(certificate="\n".join([b64(b"der" * 30)[:60], b64(b"der" * 30)[60:]])), id="lines"),
        pytest.param(envelope(statement=statement("Demo.Pkg-1.0-py3-none-any.whl")), id="a name spelled differently"),
    ],
)
def test_harmless_differences_are_taken(found):
    assert json.loads(check(found)) == [found]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "not valid JSON", id="nothing"),
        pytest.param("{", "not valid JSON", id="half an object"),
        pytest.param("[" * 100_000, "not valid JSON", id="very deep"),
        pytest.param("[" + "9" * 5000 + "]", "not valid JSON", id="a number with too many digits"),
        pytest.param("[NaN]", "not valid JSON", id="no number"),
        pytest.param('[{"version": 1, "version": 1}]', "not valid JSON", id="a key twice"),
        pytest.param("{}", "array of 1 to 16", id="an object"),
        pytest.param("[]", "array of 1 to 16", id="an empty array"),
        pytest.param(json.dumps([attestation()] * 17), "array of 1 to 16", id="too many"),
        pytest.param(" " * 1_048_577, "larger than 1 MB", id="too large"),
        pytest.param("[1]", "Attestation 1 is not a JSON object", id="a number"),
    ],
)
def test_what_is_no_array_of_attestations_is_refused(text, sentence):
    with pytest.raises(BadAttestations, match=sentence):
        attestations.check(text, filename=FILENAME, sha256=SHA256)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        pytest.param(attestation(version=2), "not of version 1", id="version 2"),
        pytest.param(attestation(version="1"), "not of version 1", id="a version as text"),
        pytest.param(attestation(version=True), "not of version 1", id="true for a version"),
        pytest.param({}, "not of version 1", id="an empty object"),
        pytest.param(attestation(verification_material=None), "no verification_material", id="no material"),
        pytest.param(attestation(envelope=[]), "no envelope", id="no envelope"),
        pytest.param(material(certificate=None), "certificate as a base64", id="no certificate"),
        pytest.param(material(certificate=""), "certificate as a base64", id="an empty certificate"),
        pytest.param(material(certificate="?"), "certificate as a base64", id="a certificate that is no base64"),
        pytest.param(material(certificate="é"), "certificate as a base64", id="a certificate beyond ASCII"),
        pytest.param(material(transparency_entries=[]), "at least one object", id="no transparency entry"),
        pytest.param(material(transparency_entries=["x"]), "at least one object", id="an entry that is text"),
        pytest.param(material(transparency_entries={"a": 1}), "at least one object", id="entries that are no array"),
        pytest.param(envelope(signature=1), "signature as a base64", id="a signature that is a number"),
        pytest.param(envelope(statement="%%"), "statement as a base64", id="a statement that is no base64"),
        pytest.param(envelope(statement=b64(b"\x00\x01")), "no JSON", id="a statement that is no JSON"),
        pytest.param(envelope(statement=b64(b"[]")), "exactly one file", id="a statement that is an array"),
        pytest.param(envelope(statement=statement(subject=[])), "exactly one file", id="a statement about nothing"),
        pytest.param(
            envelope(statement=statement(subject=[{"name": FILENAME}] * 2)),
            "exactly one file",
            id="a statement about two",
        ),
        pytest.param(envelope(statement=statement(subject=["x"])), "exactly one file", id="a subject that is text"),
        pytest.param(envelope(statement=statement("demo_pkg-1.1-py3-none-any.whl")), "is about", id="another version"),
        pytest.param(envelope(statement=statement("demo_pkg-1.0-1-py3-none-any.whl")), "is about", id="another build"),
        pytest.param(envelope(statement=statement("demo_pkg-1.0.tar.gz")), "is about", id="another kind of file"),
        pytest.param(envelope(statement=statement("../x")), "is about", id="no file name"),
        pytest.param(envelope(statement=statement(None)), "is about", id="no name"),
        pytest.param(envelope(statement=statement(sha256="cd" * 32)), "about other bytes", id="another digest"),
        pytest.param(envelope(statement=statement(subject=[{"name": FILENAME}])), "about other bytes", id="no digest"),
    ],
)
def test_attestations_of_another_form_or_file_are_refused(found, sentence):
    with pytest.raises(BadAttestations, match=sentence):
        check(found)
    with pytest.raises(BadAttestations, match="Attestation 2"):
        check(attestation(), found)
