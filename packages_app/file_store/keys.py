"""Names blobs by what they hold: ``packages/<sha256>/<filename>``, and what lies beside a file."""

import re
from dataclasses import dataclass
from typing import Literal

from packages_app.file_store.errors import BadKey
from packages_app.names import FILENAME, LONGEST_FILENAME, SDIST

# Mirrors such as bandersnatch keep only what lies under /packages, so that the URL and the key begin alike.
ROOT = "packages"
INCOMING = "incoming"
"""Where people put files by other means than an upload; they go once they are listed."""
REFUSED = "refused"
"""Where files of the incoming area go that cannot be listed."""
STAGING = "staging"
"""Files of upload sessions lie here until their session is published; nothing under it is ever listed."""
UPSTREAM = "upstream"
"""What is kept of other indexes, ``pages/<project>/<sha256>`` and ``files/<sha256>``; nothing under it is listed."""
PAGES = "pages"
"""Pages that are too large to be answered; whoever asks is sent to them here."""
WORK = "work"
"""Markers of work on upload sessions that goes on after its request was answered."""
RESERVED = frozenset({ROOT, REFUSED, STAGING, UPSTREAM, PAGES, WORK})
"""Folders that only the index itself writes to."""

METADATA = ".metadata"  # PEP 658: the file's own URL with this appended
ATTESTATIONS = ".attestations"
PKG_INFO = ".pkg-info"
"""An sdist's own; it is not offered for download, as PEP 658's ``.metadata`` would be taken for what it builds."""

Kind = Literal["file", "metadata", "attestations", "pkg-info"]
SUFFIXES: dict[str, Kind] = {METADATA: "metadata", ATTESTATIONS: "attestations", PKG_INFO: "pkg-info"}

SHA256 = re.compile(r"[0-9a-f]{64}\Z")
SESSION = re.compile(r"[0-9a-f]{32}\Z")
LONGEST_PART = 255
"""Bytes that file systems allow in one name."""
LONGEST_KEY = 900
"""S3 allows 1,024 bytes; a bucket prefix needs some of them."""


@dataclass(frozen=True, kw_only=True)
class BlobKey:
    """What a key says."""

    sha256: str
    """Of the distribution file, also where the blob is what lies beside it."""
    filename: str
    """Of the distribution file."""
    kind: Kind


def blob(sha256: str, filename: str) -> str:
    """Return the key of a distribution file.

    Raises:
        BadKey: this is no sha256 in lower-case hexadecimal, or no bare file name of a distribution.
    """
    if SHA256.match(sha256) is None:
        raise BadKey(f"{sha256[:80]!a} is no sha256 digest: write it as 64 lower-case hexadecimal digits.")
    if not is_filename(filename):
        raise BadKey(f"{filename[:80]!a} is no bare file name of a distribution.")
    return f"{ROOT}/{sha256}/{filename}"


def staged(session: str, sha256: str, filename: str) -> str:
    """Return the key of a file of an upload session; the digest keeps one attempt from writing over another.

    Raises:
        BadKey: as for `blob`, or this is no session's id.
    """
    if SESSION.match(session) is None:
        raise BadKey("This is no id of an upload session.")
    return f"{STAGING}/{session}/{blob(sha256, filename).removeprefix(ROOT + '/')}"


def upstream_page(project: str, sha256: str) -> str:
    """Return the key of a kept page of another index.

    Raises:
        BadKey: this is no sha256 in lower-case hexadecimal, or no normalised name.
    """
    return f"{UPSTREAM}/pages/{blob(sha256, project).split('/')[2]}/{sha256}"


def upstream_page_of(key: str) -> tuple[str, str] | None:
    """Return the project and digest of the kept page that a key is for; None for every other key."""
    project, _, sha256 = key.removeprefix(f"{UPSTREAM}/pages/").partition("/")
    try:
        return (project, sha256) if upstream_page(project, sha256) == key else None
    except BadKey:
        return None


def upstream_file(sha256: str) -> str:
    """Return the key of a kept file of another index: by its bytes alone, so that they are kept once.

    Raises:
        BadKey: this is no sha256 in lower-case hexadecimal.
    """
    return f"{UPSTREAM}/files/{blob(sha256, 'f').split('/')[1]}"


def page(sha256: str) -> str:
    """Return the key of a page by its bytes.

    Raises:
        BadKey: this is no sha256 in lower-case hexadecimal.
    """
    if SHA256.match(sha256) is None:
        raise BadKey(f"{sha256[:80]!a} is no sha256 digest: write it as 64 lower-case hexadecimal digits.")
    return f"{PAGES}/{sha256}"


def session_of(key: str) -> str | None:
    """Return the id of the upload session that a key belongs to, or None for every other key."""
    root, _, rest = key.partition("/")
    session, slash, _ = rest.partition("/")
    return session if root == STAGING and slash and SESSION.match(session) else None


def work(session: str, filename: str = "") -> str:
    """Return the key of the marker for completing a file of an upload session, or for publishing the session.

    Raises:
        BadKey: this is no session's id, or no bare file name of a distribution.
    """
    if SESSION.match(session) is None or not (filename == "" or is_filename(filename)):
        raise BadKey("This is no upload session, or no file of one.")
    return f"{WORK}/{session}/file/{filename}" if filename else f"{WORK}/{session}/release"


def upstream_work(sha256: str, filename: str) -> str:
    """Return the key of the marker for fetching a file of another index.

    Raises:
        BadKey: this is no sha256 in lower-case hexadecimal, or no bare file name of a distribution.
    """
    return f"{WORK}/{UPSTREAM}/{blob(sha256, filename).removeprefix(ROOT + '/')}"


def upstream_work_of(key: str) -> tuple[str, str] | None:
    """Return the digest and name of the file that a marker is for; None for every other key."""
    if not key.startswith(f"{WORK}/{UPSTREAM}/"):
        return None
    said = parse(f"{ROOT}/{key.removeprefix(f'{WORK}/{UPSTREAM}/')}")
    return (said.sha256, said.filename) if said is not None and said.kind == "file" else None


def work_of(key: str) -> tuple[str, str] | None:
    """Return the session and file that a marker is for, no file for the whole session; None for every other key."""
    session, _, what = key.removeprefix(f"{WORK}/").partition("/")
    filename = what.removeprefix("file/") if what != "release" else ""
    try:
        return (session, filename) if work(session, filename) == key else None
    except BadKey:
        return None


def metadata(sha256: str, filename: str) -> str:
    """Return the key of a wheel's METADATA (PEP 658).

    Raises:
        BadKey: as for `blob`.
    """
    return blob(sha256, filename) + METADATA


def document(filename: str) -> str:
    """Return what is appended to the key of a distribution for the document that says what it is."""
    return PKG_INFO if filename.endswith(SDIST) else METADATA


def beside(sha256: str, filename: str) -> tuple[str, ...]:
    """Return the keys of everything that may lie beside a distribution.

    Raises:
        BadKey: as for `blob`.
    """
    return tuple(blob(sha256, filename) + suffix for suffix in SUFFIXES)


def attestations(sha256: str, filename: str) -> str:
    """Return the key of a file's attestations (PEP 740).

    Raises:
        BadKey: as for `blob`.
    """
    return blob(sha256, filename) + ATTESTATIONS


def is_filename(filename: str) -> bool:
    """Return whether this is one safe part of a path, and not what lies beside a file."""
    return (
        len(filename) <= LONGEST_FILENAME
        and FILENAME.match(filename) is not None
        and not filename.endswith(tuple(SUFFIXES))
    )


def parse(key: str) -> BlobKey | None:
    """Return what a key says, or None for what this index did not put there."""
    root, _, rest = key.partition("/")
    sha256, _, name = rest.partition("/")
    kind: Kind = "file"
    for suffix, named in SUFFIXES.items():
        if name.endswith(suffix):
            name, kind = name.removesuffix(suffix), named
            break
    if root != ROOT or SHA256.match(sha256) is None or not is_filename(name):
        return None
    return BlobKey(sha256=sha256, filename=name, kind=kind)


def check(key: str) -> None:
    """Return if a key cannot lead out of the store: safe parts only, none of them hidden.

    Raises:
        BadKey: it could.
    """
    parts = key.split("/")
    if len(key) > LONGEST_KEY or not all(len(part) <= LONGEST_PART and FILENAME.match(part) for part in parts):
        raise BadKey(f"{key[:80]!a} is no key of the file store: it must stay inside, in plain ASCII names.")
