"""Checks the form of uploaded attestations (PEP 740) and that they speak of the file they come with."""

import base64
import json
from collections.abc import Iterable

from packages_app import names
from packages_app.metadata.errors import BadAttestations
from packages_app.metadata.limits import MIB

LONGEST = MIB
MOST = 16

Json = dict[str, object]


def check(text: str, *, filename: str, sha256: str) -> bytes:
    """Return the attestations as canonical JSON to keep; ``text`` is the upload form's JSON array.

    Signatures, certificates and transparency entries are NOT verified: what is kept is what the uploader claims.

    Raises:
        BadAttestations: the form is not PEP 740's, or the statement speaks of another file.
    """
    if len(text) > LONGEST:
        raise BadAttestations(f"The attestations are larger than {LONGEST // MIB} MB.")
    found = loaded(text)
    if not isinstance(found, list) or not 0 < len(found) <= MOST:
        raise BadAttestations(f"The attestations must be a JSON array of 1 to {MOST} attestations.")
    for number, attestation in enumerate(found, 1):
        statement = checked(attestation, f"Attestation {number}")
        check_subject(statement, f"Attestation {number}", filename=filename, sha256=sha256)
    return json.dumps(found, sort_keys=True, separators=(",", ":")).encode()


def loaded(text: str) -> object:
    """Return the JSON value.

    Raises:
        BadAttestations: it is none, or says a thing twice.
    """
    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise BadAttestations("The attestations are not valid JSON.") from error


def once(pairs: Iterable[tuple[str, object]]) -> Json:
    """Return a JSON object; readers of one with a key twice would disagree."""
    found: Json = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(key)
        found[key] = value
    return found


def refuse(constant: str) -> object:
    """Refuse NaN and the infinities, which Python takes for JSON and others do not."""
    raise ValueError(constant)


def checked(attestation: object, which: str) -> bytes:
    """Return the statement that an attestation's envelope holds.

    Raises:
        BadAttestations: the attestation does not have the form of PEP 740.
    """
    if not isinstance(attestation, dict):
        raise BadAttestations(f"{which} is not a JSON object.")
    # `True == 1` in Python, so the type is asked too.
    if type(attestation.get("version")) is not int or attestation["version"] != 1:
        raise BadAttestations(f"{which} is not of version 1, the one that this index knows.")
    material = part(attestation, "verification_material", which)
    decoded(material, "certificate", which)
    entries = material.get("transparency_entries")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise BadAttestations(f"{which} must have transparency_entries: a JSON array of at least one object.")
    envelope = part(attestation, "envelope", which)
    decoded(envelope, "signature", which)
    return decoded(envelope, "statement", which)


def part(attestation: Json, key: str, which: str) -> Json:
    """Return a JSON object of an attestation.

    Raises:
        BadAttestations: it is missing.
    """
    found = attestation.get(key)
    if not isinstance(found, dict):
        raise BadAttestations(f"{which} has no {key} object.")
    return found


def decoded(holder: Json, key: str, which: str) -> bytes:
    """Return the bytes of a base64 field.

    Raises:
        BadAttestations: it is missing, empty or no base64.
    """
    value = holder.get(key)
    try:
        # PEP 740's example breaks certificates into lines.
        found = base64.b64decode("".join(value.split()), validate=True) if isinstance(value, str) else b""
    except ValueError:  # binascii.Error, and text that is not ASCII
        found = b""
    if not found:
        raise BadAttestations(f"{which} must have {key} as a base64 string.")
    return found


def check_subject(statement: bytes, which: str, *, filename: str, sha256: str) -> None:
    """Return if the statement's one subject is this file; PEP 740: a statement is JSON, an in-toto Statement.

    Raises:
        BadAttestations: it is another file, or nothing that could be compared.
    """
    try:
        said = json.loads(statement)
    except (ValueError, RecursionError):
        raise BadAttestations(
            f"{which} holds a statement that is no JSON, so nobody could tell what it is about."
        ) from None
    subjects = said.get("subject") if isinstance(said, dict) else None
    if not isinstance(subjects, list) or len(subjects) != 1 or not isinstance(subjects[0], dict):
        raise BadAttestations(f"{which} must be a statement about exactly one file.")
    name, digest = subjects[0].get("name"), subjects[0].get("digest")
    if not isinstance(name, str) or not same_file(name, filename):
        raise BadAttestations(f"{which} is about {str(name)[:120]!a}, but came with {filename}.")
    if not isinstance(digest, dict) or digest.get("sha256") != sha256:
        raise BadAttestations(f"{which} is about other bytes than those of {filename}, whose sha256 is {sha256}.")


def same_file(one: str, other: str) -> bool:
    """Return whether two file names mean the same distribution; PEP 740 lets signers normalise the name."""
    if one == other:
        return True
    try:
        left, right = names.parse(one), names.parse(other)
    except names.BadFilename:
        return False
    return (left.project, left.version, left.filetype, left.build, left.tags) == (
        right.project,
        right.version,
        right.filetype,
        right.build,
        right.tags,
    )
