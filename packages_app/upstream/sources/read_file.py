"""Reads one file's entry of an upstream's page: what is safe to show, and why the rest is not."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from packages_app import names
from packages_app.names import Distribution
from packages_app.upstream.entries import Hidden, UpstreamFile, Why

DIGESTS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128, "blake2b": 128}
"""Digest names that are passed on, with their lengths."""
HEX = re.compile(r"[0-9a-f]+\Z")
SHA256_DIGITS = 64
OLD_KINDS = (".zip", ".tar.bz2", ".tgz", ".tar.Z", ".tar.xz", ".egg", ".exe", ".msi", ".rpm", ".deb", ".dmg")
"""Kinds that installers once read, and whose names do not tell a version for certain."""
BESIDE = (".metadata", ".attestations")
"""Names of what lies beside a file."""
LONGEST_URL = 4096
MOST_FILES = 200_000


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a page says of a file, as it stands there."""

    filename: str
    url: str
    hashes: Mapping[str, str]
    size: int | None = None
    upload_time: str = ""
    requires_python: str = ""
    core_metadata: str = ""
    yanked: bool = False
    yanked_reason: str = ""
    provenance: str = ""


def collected(entries: Iterable[Said], project: str, base: str) -> tuple[tuple[UpstreamFile, ...], tuple[Hidden, ...]]:
    """Return the files that can be shown, and those that cannot; a name that stands for two files shows neither."""
    files: dict[str, UpstreamFile] = {}
    hidden: dict[str, Hidden] = {}
    for said in entries:
        found = checked(said, project, base)
        before = files.get(found.filename)
        if isinstance(found, Hidden):
            files.pop(found.filename, None)
            hidden[found.filename] = found
        elif found.filename in hidden:
            continue
        elif before is not None and before.hashes != found.hashes:
            del files[found.filename]
            hidden[found.filename] = Hidden(filename=found.filename, version=found.version, why=Why.CONTRADICTION)
        else:
            files.setdefault(found.filename, found)
    return tuple(files.values()), tuple(hidden.values())


def checked(said: Said, project: str, base: str) -> UpstreamFile | Hidden:
    """Return the file as it can be shown, or why it cannot."""
    why, reading = judged(said.filename, project)
    version = str(reading.version) if reading else ""
    url = address(said.url, base)
    hashes = tuple(
        sorted((name.lower(), digest.lower()) for name, digest in said.hashes.items() if name.lower() in DIGESTS)
    )
    if why is None and url is None:
        why = Why.BAD_URL
    if why is None and any(len(digest) != DIGESTS[name] or not HEX.match(digest) for name, digest in hashes):
        why = Why.BAD_HASH
    if why is not None or url is None:
        return Hidden(filename=said.filename[: names.LONGEST_FILENAME], version=version, why=why or Why.BAD_URL)
    return UpstreamFile(
        filename=said.filename,
        url=url,
        hashes=hashes,
        size=said.size,
        upload_time=said.upload_time,
        requires_python=said.requires_python,
        core_metadata=said.core_metadata,
        yanked=said.yanked,
        yanked_reason=said.yanked_reason,
        provenance=address(said.provenance, base) or "" if said.provenance else "",
        version=version,
        filetype=reading.filetype if reading else "",
    )


def judged(filename: str, project: str) -> tuple[Why | None, Distribution | None]:
    """Return why a file name cannot be shown, and what it says where that is certain."""
    try:
        names.check_characters(filename)
    except names.BadFilename:
        return Why.UNSAFE_NAME, None
    if filename.endswith(BESIDE):
        return Why.UNSAFE_NAME, None
    try:
        readings = names.readings(filename)
    except names.BadFilename:
        # Old kinds are passed on as they are, for installers to make of them what they can; so are sdists and wheels
        # from before there were rules, which today's installers pass over.
        return None, None
    reading = next((reading for reading in readings if reading.project == project), None)
    return (None, reading) if reading else (Why.OTHER_PROJECT, readings[0])


def address(url: str, base: str) -> str | None:
    """Return an absolute address that a client may be given, without its fragment, or None."""
    try:
        found = urldefrag(urljoin(base, url)).url
        parts = urlsplit(found)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return None
    printable = len(found) <= LONGEST_URL and all(character >= "!" for character in found) and '"' not in found
    return found if fine and printable else None


def moment(text: str) -> str:
    """Return an upload time as PEP 700 writes it, in UTC with microseconds; empty where it is none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return ""
    if read.tzinfo is None:
        return ""  # in which zone is not said, and must not be guessed
    try:
        return read.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    except OverflowError:
        return ""
