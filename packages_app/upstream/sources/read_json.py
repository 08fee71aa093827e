"""Reads a simple index's JSON pages (PEP 691, 700, 714, 740, 792), strictly."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from packages_app import names as rules
from packages_app.upstream.entries import UpstreamPage
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.sources.read_file import HEX, MOST_FILES, SHA256_DIGITS, Said, collected, moment

STATUSES = frozenset({"active", "archived", "deprecated", "quarantined"})
LONGEST_TEXT = 4096
LARGEST = 2**50


def page(body: bytes, project: str, url: str) -> UpstreamPage:
    """Return the page of a project; ``url`` is where it came from in the end, and relative links start.

    Raises:
        SourceFailed: this is no such page.
    """
    document = parsed(body)
    entries = document.get("files")
    name = document.get("name")
    if not isinstance(name, str) or rules.normalize(name) != project:
        raise unreadable(f"it is the page of another project than {project}")
    if not isinstance(entries, list) or len(entries) > MOST_FILES:
        raise unreadable("it has no list of files")
    files, hidden = collected(map(entry, entries), project, url)
    # PEP 792's prose puts the status at the top level, its example into "meta": take it from where it is.
    status = document.get("project-status") or document["meta"].get("project-status") or {}
    status = status if isinstance(status, Mapping) else {}
    marker = text(status, "status") or "active"
    if marker not in STATUSES:
        raise unreadable(f"it gives the project the status {marker[:40]!a}, which is not known here")
    versions = document.get("versions", [])
    if not isinstance(versions, list) or not all(isinstance(version, str) for version in versions):
        raise unreadable("its versions are no list of texts")
    return UpstreamPage(
        name=project,
        status=marker,
        status_reason=text(status, "reason"),
        versions=tuple(dict.fromkeys(version for version in versions if len(version) < LONGEST_TEXT)),
        files=files,
        hidden=hidden,
    )


def names(body: bytes) -> Iterator[str]:
    """Return the normalised names of a list of projects; what is no name is left out.

    Raises:
        SourceFailed: this is no such list.
    """
    # They may be millions: no more than its name is kept of each.
    listed = parsed(body, only_name).get("projects")
    if not isinstance(listed, list):
        raise unreadable("it has no list of projects")
    return (rules.normalize(name) for name in listed if isinstance(name, str) and rules.is_valid_name(name))


def only_name(pairs: list[tuple[str, Any]]) -> Any:  # noqa: ANN401 - a name, or the object where it has none
    """Return the name that an object has."""
    found = dict(pairs)
    return found.get("name", found)


def parsed(body: bytes, each: Callable[[list[tuple[str, Any]]], Any] | None = None) -> dict[str, Any]:
    """Return the document of an answer of version 1.x (PEP 629); ``each`` makes something else of its objects."""
    try:
        document = json.loads(body, object_pairs_hook=each)
    except (ValueError, RecursionError) as error:
        raise unreadable("it is no JSON") from error
    meta = document.get("meta") if isinstance(document, dict) else None
    version = meta.get("api-version") if isinstance(meta, dict) else None
    if not isinstance(version, str) or not version.startswith("1."):
        # PEP 629: of another major version nothing can be assumed.
        raise unreadable("it does not say that it is of version 1 of the simple API")
    return dict(document)


def entry(raw: object) -> Said:
    """Return what an entry says; keys that are not known are left out, those that are must be well formed."""
    if not isinstance(raw, dict) or not isinstance(raw.get("filename"), str) or not isinstance(raw.get("url"), str):
        raise unreadable("an entry has no file name or address")
    hashes = raw.get("hashes")
    if not isinstance(hashes, dict) or not all(isinstance(digest, str) for digest in hashes.values()):
        raise unreadable("an entry has no hashes")
    size, yanked = raw.get("size"), raw.get("yanked", False)
    return Said(
        filename=raw["filename"],
        url=raw["url"],
        hashes=hashes,
        size=size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < LARGEST else None,
        upload_time=moment(text(raw, "upload-time")),
        requires_python=text(raw, "requires-python"),
        core_metadata=metadata(raw),
        yanked=bool(yanked),
        yanked_reason=yanked[:LONGEST_TEXT] if isinstance(yanked, str) else "",
        provenance=text(raw, "provenance"),
    )


def metadata(raw: Mapping[str, Any]) -> str:
    """Return whether the file's metadata can be had, by the newest of the keys that say so (PEP 714)."""
    for key in ("core-metadata", "data-core-metadata", "dist-info-metadata", "data-dist-info-metadata"):
        if key in raw:
            said = raw[key]
            digest = said.get("sha256") if isinstance(said, dict) else None
            if isinstance(digest, str) and len(digest) == SHA256_DIGITS and HEX.match(digest.lower()):
                return digest.lower()
            return "true" if said else ""
    return ""


def text(raw: Mapping[str, Any], key: str) -> str:
    """Return a text; empty where there is none, or another thing."""
    found = raw.get(key)
    return found if isinstance(found, str) and len(found) <= LONGEST_TEXT else ""


def unreadable(what: str) -> SourceFailed:
    """Return the refusal of a page."""
    return SourceFailed(Fault.UNREADABLE, f"The upstream's page cannot be read: {what}.")
