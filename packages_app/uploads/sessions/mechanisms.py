"""The ways to send a file's bytes: a POST with credentials, or a PUT of the whole or of each part to a signed link.

A signed link leads to S3 where files are kept there, which refuses other bytes by
itself; else to this server, which checks them as they come. Either way who has the link can store these bytes and no
others, for a while, and needs no credentials.
"""

from collections.abc import Callable
from typing import Any

from django.core import signing

from packages_app.file_store import links
from packages_app.file_store import parts as store_parts
from packages_app.file_store.entries import Part
from packages_app.uploads.sessions import cut, read, staging
from packages_app.uploads.sessions.entries import Mechanism, NewPart, SessionFile
from packages_app.uploads.sessions.errors import BadLink, NoSuchSession

LINK_SECONDS = 3600
SALT = "packages_app.uploads.sessions.put"
PART_SALT = "packages_app.uploads.sessions.part"


def sending(file: SessionFile, at: Callable[..., str]) -> dict[str, object]:
    """Return where and how the file's bytes are to be sent, as its mechanism says it."""
    if file.mechanism is Mechanism.POST:
        return {"file_url": at("upload-bytes", file.session, file.filename)}
    if file.mechanism is Mechanism.PARTS:
        return {
            "parts_url": at("upload-parts", file.session, file.filename),
            "part-size": file.part_size,
            "parts": cut.count(file),
        }
    link = links.upload_link(staging.key(file), size=file.size, sha256=file.sha256, expires=LINK_SECONDS)
    if link is None:
        url, headers = at("upload-put", token(file)), {"Content-Length": str(file.size)}
    else:
        url, headers = link.url, dict(link.headers)
    return {"file_url": url, "method": "PUT", "headers": headers, "expires-in": LINK_SECONDS}


def part_link(file: SessionFile, upload: str, wanted: NewPart, at: Callable[..., str]) -> dict[str, object]:
    """Return where and how one part of the file is to be sent."""
    part = Part(number=wanted.number, size=cut.size_of(file, wanted.number))
    link = store_parts.link(staging.key(file), upload, part, sha256=wanted.sha256, expires=LINK_SECONDS)
    if link is None:
        url, headers = at("upload-part", part_token(file, wanted)), {"Content-Length": str(part.size)}
    else:
        url, headers = link.url, dict(link.headers)
    return {"number": part.number, "size": part.size, "method": "PUT", "url": url, "headers": headers}


def part_token(file: SessionFile, part: NewPart) -> str:
    """Return what lets its bearer send this part of this file to this server for a while."""
    return signing.dumps([file.session, file.filename, file.sha256, part.number, part.sha256], salt=PART_SALT)


def opened_part(signed: str) -> tuple[SessionFile, NewPart]:
    """Return the part that a token lets its bearer send, and its file.

    Raises:
        BadLink: the token is forged or damaged, or its time is over.
        NoSuchSession: the session has expired.
        SessionBusy: the session is being published this moment.
        SessionClosed: the session was published or canceled.
    """
    session, filename, sha256, number, digest = unsigned(signed, PART_SALT)
    return open_file(session, filename, sha256), NewPart(number=number, sha256=digest)


def token(file: SessionFile) -> str:
    """Return what lets its bearer send this file's bytes to this server for a while."""
    return signing.dumps([file.session, file.filename, file.sha256], salt=SALT)


def opened(signed: str) -> SessionFile:
    """Return the file that a token lets its bearer send.

    Raises:
        BadLink: the token is forged or damaged, or its time is over.
        NoSuchSession: the session has expired.
        SessionBusy: the session is being published this moment.
        SessionClosed: the session was published or canceled.
    """
    session, filename, sha256 = unsigned(signed, SALT)
    return open_file(session, filename, sha256)


def unsigned(signed: str, salt: str) -> list[Any]:
    """Return what a token says.

    Raises:
        BadLink: the token is forged or damaged, or its time is over.
    """
    try:
        said: list[Any] = signing.loads(signed, salt=salt, max_age=LINK_SECONDS)
    except signing.BadSignature:
        raise BadLink("This link is damaged or its time is over; ask the file's status document for another.") from None
    return said


def open_file(session: str, filename: str, sha256: str) -> SessionFile:
    """Return a file that these bytes can be sent of.

    Raises:
        BadLink: it is to have other bytes by now.
        NoSuchSession: the session has expired.
        SessionBusy: the session is being published this moment.
        SessionClosed: the session was published or canceled.
    """
    found = read.find(session)
    if found is None:
        raise NoSuchSession(read.GONE)
    read.check_open(found)
    file = read.file(session, filename)
    if file.sha256 != sha256:
        raise BadLink("This link is for other bytes; ask the file's status document for another.")
    return file
