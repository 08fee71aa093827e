"""Writes pages as JSON (PEP 691, with 700, 714, 740 and 792)."""

import json
from collections.abc import Iterator
from typing import Any

from packages_app.simple_api.pages import API_VERSION, PageFile, ProjectPage, RootPage, batched


def project(page: ProjectPage) -> bytes:
    """Return a project's page."""
    status = {"status": page.status}
    if page.status_reason:
        status["reason"] = page.status_reason
    return compact(
        {
            "meta": meta(page.serial),
            "name": page.name,
            # PEP 792's prose and PyPI put it here; the standard's one example shows it in "meta", by mistake.
            "project-status": status,
            "versions": page.versions,
            "files": [described(file) for file in page.files],
        }
    )


def root(page: RootPage) -> Iterator[bytes]:
    """Yield the list of projects, some thousands at a time."""
    yield b'{"meta":' + compact(meta(page.serial)) + b',"projects":['
    between = b""
    for some in batched(page.projects):
        yield between + compact([{"name": entry.name, "_last-serial": entry.serial} for entry in some])[1:-1]
        between = b","
    yield b"]}"


def meta(serial: int) -> dict[str, str | int]:
    """Return what a page says of itself; PEP 691 leaves keys with ``_`` to servers, and mirrors read this one."""
    return {"api-version": API_VERSION, "_last-serial": serial}


def described(file: PageFile) -> dict[str, Any]:
    """Return a file's entry."""
    metadata: dict[str, str] | bool = file.metadata == "true"
    if file.metadata and not metadata:
        metadata = {"sha256": file.metadata}
    entry: dict[str, Any] = {
        "filename": file.filename,
        "url": file.url,
        "hashes": file.hashes,
        # PEP 714 renamed PEP 658's key. The second name is the one PyPI sent by mistake, which older clients look for;
        # the first name of PEP 658 crashes some releases of pip, and stays out.
        "core-metadata": metadata,
        "data-dist-info-metadata": metadata,
        **said_only(file),
        "yanked": (file.yanked_reason or True) if file.yanked else False,  # PEP 691: a reason must not be empty
        "provenance": file.provenance or None,  # PEP 740: null where there is none
    }
    if file.requires_python:
        entry["requires-python"] = file.requires_python
    return entry


def said_only(file: PageFile) -> dict[str, int | str]:
    """Return what PEP 700 makes mandatory, where it is known: an index behind this one may not say it."""
    said: dict[str, int | str] = {}
    if file.size is not None:
        said["size"] = file.size
    if file.upload_time:
        said["upload-time"] = file.upload_time
    return said


def compact(document: dict[str, Any] | list[dict[str, Any]]) -> bytes:
    """Return the document without spaces, in ASCII."""
    return json.dumps(document, separators=(",", ":")).encode("ascii")
