"""Writes the JSON documents of upload sessions (PEP 694)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from packages_app.file_store.entries import Part
from packages_app.uploads.sessions import cut, mechanisms
from packages_app.uploads.sessions.entries import FileStatus, Mechanism, Session, SessionFile, Status
from packages_app.uploads.sessions.forms import API_VERSION

Json = dict[str, object]
At = Callable[..., str]
"""Returns the absolute address of a named view with these arguments."""
MB = 1024**2
META: Mapping[str, str] = {"api-version": API_VERSION}


def session(found: Session, files: Iterable[SessionFile], at: At, notices: Iterable[str] = ()) -> Json:
    """Return the status document of a session."""
    return {
        "meta": META,
        "name": found.name,
        "version": found.version,
        "links": {
            "session": at("upload-session", found.id),
            "upload": at("upload-files", found.id),
            "publish": at("upload-publish", found.id),
            "extend": at("upload-extend", found.id),
            "stage": at("upload-stage", found.id, found.stage),
        },
        "mechanisms": [mechanism.value for mechanism in Mechanism],
        "session-token": found.stage,
        "expires-at": moment(found.expires),
        "status": found.status.value,
        "files": {file.filename: brief(file, at) for file in files},
        "notices": [*notices, *notices_of_session(found)],
    }


def brief(file: SessionFile, at: At) -> Json:
    """Return a file as the document of its session shows it."""
    return {
        "link": at("upload-file", file.session, file.filename),
        "status": file.status.value,
        "notices": notices_of(file),
    }


def file(of: Session, found: SessionFile, at: At) -> Json:
    """Return the status document of a file of a session."""
    document: Json = {
        "meta": META,
        "links": {
            "file-upload-session": at("upload-file", of.id, found.filename),
            "complete": at("upload-complete", of.id, found.filename),
            "extend": at("upload-file-extend", of.id, found.filename),
        },
        "status": found.status.value,
        "expires-at": moment(of.expires),
        "notices": notices_of(found),
    }
    if found.status is FileStatus.PENDING:
        document["mechanism"] = {
            "identifier": found.mechanism.value,
            **mechanisms.sending(found, at),
            "attestations_url": at("upload-attestations", of.id, found.filename),
        }
    return document


def received(found: SessionFile, parts: Iterable[Part]) -> Json:
    """Return the document that tells which parts of a file are there."""
    return {
        "meta": META,
        "part-size": found.part_size,
        "parts": cut.count(found),
        "received": [{"number": part.number, "size": part.size} for part in parts],
    }


def part_links(links: Iterable[Json]) -> Json:
    """Return the document of links for sending parts."""
    return {"meta": META, "expires-in": mechanisms.LINK_SECONDS, "parts": list(links)}


def notices_of_session(found: Session) -> list[str]:
    """Return what there is to say of a session."""
    if found.status is Status.PROCESSING:
        return [f"{found.progress} files are in their place."] if found.progress else []
    return [found.notice] if found.notice and found.status is Status.OPEN else []


def notices_of(found: SessionFile) -> list[str]:
    """Return what there is to say of a file."""
    if found.status is FileStatus.PROCESSING and found.progress:
        return [f"{found.progress // MB} of {found.size // MB} MB were read."]
    return [found.notice] if found.notice and found.status is FileStatus.ERROR else []


def moment(at: datetime) -> str:
    """Return a moment as RFC 3339 writes it: in UTC, with a ``Z``, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
