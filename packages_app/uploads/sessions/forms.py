"""Reads the JSON documents that clients of upload sessions send (PEP 694); every field is checked."""

import json
import re

from packages_app.uploads.sessions.entries import NewFile, NewPart
from packages_app.uploads.sessions.errors import BadDocument, WrongMediaType

API_VERSION = "2.0"
V2 = "application/vnd.pypi.upload.v2+json"
MEDIA_TYPES = frozenset({V2, "application/vnd.pypi.upload.latest+json", "application/json"})
LONGEST = 64 * 1024
"""Bytes of a document; a file's announcement is a few hundred."""
DIGESTS = {"sha256": 64, "blake2_256": 64, "md5": 32}
"""Digests that are checked, with the length of their hexadecimal; others are left aside."""
MOST_PARTS = 100
"""Parts that one request asks links for."""
HEXADECIMAL = re.compile(r"[0-9a-f]+\Z")

Document = dict[str, object]
Errors = list[tuple[str, str]]


def session(body: bytes, content_type: str) -> tuple[str, str]:
    """Return the name and version of a session that is to begin.

    Raises:
        WrongMediaType: this is no document of the upload API.
        BadDocument: a field is missing or holds what it cannot.
    """
    document = read(body, content_type)
    errors: Errors = []
    found = text(document, "name", errors), text(document, "version", errors)
    refuse(errors)
    return found


def new_file(body: bytes, content_type: str) -> NewFile:
    """Return what a client says of a file that it is going to send.

    Raises:
        WrongMediaType: this is no document of the upload API.
        BadDocument: a field is missing or holds what it cannot.
    """
    document = read(body, content_type)
    errors: Errors = []
    found = NewFile(
        filename=text(document, "filename", errors),
        size=number(document, "size", errors),
        hashes=hashes(document.get("hashes"), errors),
        mechanism=text(document, "mechanism", errors),
    )
    refuse(errors)
    return found


def parts(body: bytes, content_type: str) -> list[NewPart]:
    """Return the parts that a client asks links for.

    Raises:
        WrongMediaType: this is no document of the upload API.
        BadDocument: a field is missing or holds what it cannot.
    """
    given = read(body, content_type).get("parts")
    errors: Errors = []
    if not isinstance(given, list) or not 0 < len(given) <= MOST_PARTS:
        errors.append(("parts", f"The field parts must be a list of 1 to {MOST_PARTS} parts."))
        given = []
    found = [part(each, f"parts.{place}", errors) for place, each in enumerate(given)]
    refuse(errors)
    return found


def part(value: object, place: str, errors: Errors) -> NewPart:
    """Return one part, or note what is wrong with it."""
    given: Document = value if isinstance(value, dict) else {}
    number, sha256 = given.get("number"), given.get("sha256")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        errors.append((f"{place}.number", "The number of a part must be a whole number above 0."))
        number = 0
    digest = sha256.strip().lower() if isinstance(sha256, str) else ""
    if len(digest) != DIGESTS["sha256"] or HEXADECIMAL.match(digest) is None:
        errors.append((f"{place}.sha256", "The sha256 digest of a part must be 64 hexadecimal digits."))
    return NewPart(number=number, sha256=digest)


def extension(body: bytes, content_type: str) -> int:
    """Return the seconds that a session is asked to live longer.

    Raises:
        WrongMediaType: this is no document of the upload API.
        BadDocument: a field is missing or holds what it cannot.
    """
    document = read(body, content_type)
    errors: Errors = []
    seconds = number(document, "extend-for", errors)
    refuse(errors)
    return seconds


def read(body: bytes, content_type: str) -> Document:
    """Return the document of a request, of the one version that this index speaks.

    Raises:
        WrongMediaType: the body is said to be something else.
        BadDocument: it is no JSON object, or of another version.
    """
    if content_type.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise WrongMediaType(f"Send JSON with the Content-Type {V2}.")
    if len(body) > LONGEST:
        raise BadDocument(f"The document is larger than {LONGEST // 1024} KB.")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise BadDocument("The body is no JSON document.") from None
    if not isinstance(document, dict):
        raise BadDocument("The body must be a JSON object.")
    meta = document.get("meta")
    if not isinstance(meta, dict) or meta.get("api-version") != API_VERSION:
        sentence = f'Say which version of the upload API this is: "meta": {{"api-version": "{API_VERSION}"}}.'
        raise BadDocument(sentence, errors=(("meta.api-version", sentence),))
    return document


def text(document: Document, name: str, errors: Errors) -> str:
    """Return a field's text, or note what is wrong with it."""
    value = document.get(name)
    if isinstance(value, str) and value:
        return value
    errors.append((name, f"The field {name} must be a text, and not empty."))
    return ""


def number(document: Document, name: str, errors: Errors) -> int:
    """Return a field's whole number above 0, or note what is wrong with it."""
    value = document.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    errors.append((name, f"The field {name} must be a whole number above 0."))
    return 0


def hashes(value: object, errors: Errors) -> dict[str, str]:
    """Return the digests that this index checks, or note what is wrong with them."""
    found: dict[str, str] = {}
    given = value if isinstance(value, dict) else {}
    for name, length in DIGESTS.items():
        digest = given.get(name)
        if digest is None:
            continue
        lower = digest.strip().lower() if isinstance(digest, str) else ""
        if len(lower) != length or HEXADECIMAL.match(lower) is None:
            errors.append((f"hashes.{name}", f"The {name} digest must be {length} hexadecimal digits."))
        found[name] = lower
    if "sha256" not in found:
        errors.append(("hashes.sha256", "The field hashes must be an object that holds the file's sha256 digest."))
    return found


def refuse(errors: Errors) -> None:
    """Return if nothing was noted.

    Raises:
        BadDocument: with everything that was.
    """
    if errors:
        raise BadDocument(" ".join(sentence for _, sentence in errors), errors=tuple(errors))
