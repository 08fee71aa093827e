"""The ways to send a file's bytes: a POST with credentials, or a PUT to a link that was signed beforehand.

Both are announced for every file. The signed link leads to S3 where files are kept there, which refuses other bytes by
itself; else to this server, which checks them as they come. Either way who has the link can store these bytes and no
others, for a while, and needs no credentials.
"""

from collections.abc import Callable

from django.core import signing

from packages_app.file_store import links
from packages_app.uploads.sessions import read, staging
from packages_app.uploads.sessions.entries import Mechanism, SessionFile
from packages_app.uploads.sessions.errors import BadLink, NoSuchSession

LINK_SECONDS = 3600
SALT = "packages_app.uploads.sessions.put"


def sending(file: SessionFile, at: Callable[..., str]) -> dict[str, object]:
    """Return where and how the file's bytes are to be sent, as its mechanism says it."""
    if file.mechanism is Mechanism.POST:
        return {"file_url": at("upload-bytes", file.session, file.filename)}
    link = links.upload_link(staging.key(file), size=file.size, sha256=file.sha256, expires=LINK_SECONDS)
    if link is None:
        url, headers = at("upload-put", token(file)), {"Content-Length": str(file.size)}
    else:
        url, headers = link.url, dict(link.headers)
    return {"file_url": url, "method": "PUT", "headers": headers, "expires-in": LINK_SECONDS}


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
    try:
        session, filename, sha256 = signing.loads(signed, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        raise BadLink("This link is damaged or its time is over; ask the file's status document for another.") from None
    found = read.find(session)
    if found is None:
        raise NoSuchSession(read.GONE)
    read.check_open(found)
    file = read.file(session, filename)
    if file.sha256 != sha256:
        raise BadLink("This link is for other bytes; ask the file's status document for another.")
    return file
