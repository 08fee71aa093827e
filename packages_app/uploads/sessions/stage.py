"""The preview of a session: a simple index of its completed files under an address that nobody guesses.

PEP 694 leaves it outside of the check of permissions on purpose: who has the address may install from it, with
``--extra-index-url``, for as long as the session is open.
"""

import hmac
from html import escape
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse

from packages_app import names
from packages_app.catalogue.entries import File
from packages_app.errors import WrongMethod
from packages_app.file_store import keys, links
from packages_app.file_store import read as store
from packages_app.uploads.sessions import read
from packages_app.uploads.sessions.entries import FileStatus, Session, SessionFile, Status
from packages_app.uploads.sessions.errors import NoSuchSession

HTML = "application/vnd.pypi.simple.v1+html"
HEADERS = {"Cache-Control": "private, no-store"}
PAGE = (
    '<!DOCTYPE html>\n<html><head><meta name="pypi:repository-version" content="1.0"><title>{title}</title></head>\n'
    "<body>\n{anchors}</body></html>\n"
)


def root(request: HttpRequest, session: str, token: str) -> HttpResponse:
    """Answer the list of projects, which is the session's one."""
    found = previewed(request, session, token)
    return page("Staged", f'<a href="{found.project}/">{escape(found.project)}</a><br>\n')


def project(request: HttpRequest, session: str, token: str, name: str) -> HttpResponse:
    """Answer the session's completed files."""
    found = previewed(request, session, token)
    if names.normalize(name) != found.project:
        raise NoSuchSession("This preview has no project of that name.")
    completed = [file for file in read.files(found.id) if file.status is FileStatus.COMPLETED]
    return page(found.project, "".join(anchor(file.checked) for file in completed if file.checked is not None))


def file(request: HttpRequest, session: str, token: str, sha256: str, filename: str) -> HttpResponseBase:
    """Answer the bytes of a completed file, or its metadata (PEP 658)."""
    found = previewed(request, session, token)
    name = filename.removesuffix(keys.METADATA)
    staged = completed_file(found, name)
    listed = staged.checked
    if listed is None or listed.sha256 != sha256 or (name != filename and not listed.metadata_sha256):
        raise NoSuchSession("This preview has no such file.")
    key, size = keys.staged(found.id, sha256, name), listed.size
    if name != filename:
        key, size = key + keys.METADATA, listed.metadata_size
    link = links.link(key, filename=filename, content_type="application/octet-stream")
    if link is not None and request.method == "GET":
        return HttpResponseRedirect(link, headers=HEADERS)
    headers = {**HEADERS, "Content-Length": str(size)}
    if request.method == "HEAD":
        return HttpResponse(content_type="application/octet-stream", headers=headers)
    return StreamingHttpResponse(store.stream(key, 0, size), content_type="application/octet-stream", headers=headers)


def completed_file(found: Session, filename: str) -> SessionFile:
    """Return a file of a session that its preview shows.

    Raises:
        NoSuchSession: there is none.
    """
    staged = read.file(found.id, filename)
    if staged.status is not FileStatus.COMPLETED:
        raise NoSuchSession("This preview has no such file.")
    return staged


def previewed(request: HttpRequest, session: str, token: str) -> Session:
    """Return the session that an address is the preview of.

    Raises:
        NoSuchSession: the address is none, or the session was published, canceled, or has expired.
        WrongMethod: the request does more than read.
    """
    if request.method not in ("GET", "HEAD"):
        raise WrongMethod("A preview is only read: use GET or HEAD.", allowed="GET, HEAD")
    found = read.find(session)
    if found is None or not hmac.compare_digest(found.stage.encode(), token.encode()):
        raise NoSuchSession("There is no such preview, or its session has ended.")
    if found.status not in (Status.OPEN, Status.PROCESSING):
        raise NoSuchSession("There is no such preview, or its session has ended.")
    return found


def page(title: str, anchors: str) -> HttpResponse:
    """Return a page of the simple API; PEP 833 froze its HTML."""
    return HttpResponse(PAGE.format(title=escape(title), anchors=anchors), content_type=HTML, headers=HEADERS)


def anchor(file: File) -> str:
    """Return the link to a file, relative to the page."""
    attributes = f' data-requires-python="{escape(file.requires_python)}"' if file.requires_python else ""
    if file.metadata_sha256:
        attributes += f' data-core-metadata="sha256={file.metadata_sha256}"'
    url = f"../files/{file.sha256}/{quote(file.filename, safe='')}#sha256={file.sha256}"
    return f'<a href="{url}"{attributes}>{escape(file.filename)}</a><br>\n'
