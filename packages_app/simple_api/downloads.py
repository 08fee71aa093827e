"""Answers downloads of files, and of the ``.metadata`` beside them (PEP 658), whole or in part."""

from http import HTTPStatus

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)

from packages_app.accounts.entries import Principal
from packages_app.accounts.gate import reads_or_visits, visitor
from packages_app.accounts.permissions import Action, may
from packages_app.catalogue import read as catalogue
from packages_app.conf import options
from packages_app.downloads.count import counted
from packages_app.file_store import keys, links
from packages_app.file_store import read as store
from packages_app.file_store.errors import StoreUnavailable
from packages_app.names import BadFilename
from packages_app.simple_api import ranges
from packages_app.simple_api.answers import cache_control, check_method, not_modified
from packages_app.simple_api.conditions import same_file, unchanged
from packages_app.simple_api.errors import NoSuchFile, NoSuchRange
from packages_app.simple_api.wanted import FILE_TYPE, FOREVER, METADATA_TYPE, Wanted

BLOCK = 256 * 1024


@reads_or_visits
def file(request: HttpRequest, sha256: str, filename: str) -> HttpResponseBase:
    """Answer one file: with its bytes, or with a link to where they are."""
    check_method(request)
    who = visitor(request)
    wanted = find(sha256, filename, who)
    if wanted is None:
        answered = elsewhere(request, sha256, filename, who)
        if isinstance(answered, HttpResponseBase):
            return answered
        wanted = answered
    return answer(request, wanted)


def elsewhere(request: HttpRequest, sha256: str, filename: str, who: Principal) -> Wanted | HttpResponseBase:
    """Return what an index behind this one has at the address.

    Raises:
        NoSuchFile: nothing is offered there.
    """
    if not options().upstream.urls:
        raise NoSuchFile("This index offers no such file; the project's page lists those that it does.")
    from packages_app.simple_api.elsewhere import answer  # noqa: PLC0415 - only where there is an index behind this one

    return answer(request, sha256, filename, who)


def answer(request: HttpRequest, wanted: Wanted) -> HttpResponseBase:
    """Answer stored bytes."""
    etag = f'"{wanted.sha256}"'
    headers = {"ETag": etag, "Cache-Control": cache_control(FOREVER), "Accept-Ranges": "bytes"}
    if unchanged(request.headers.get("If-None-Match"), etag):
        return not_modified(headers)
    if request.method == "HEAD":
        # Never redirected: a link is signed for GET only, and the catalogue knows all that is asked for.
        headers["Content-Length"] = str(wanted.size)
        return HttpResponse(content_type=wanted.content_type, headers=headers)
    response = given(request, wanted, headers)
    if response.status_code < HTTPStatus.BAD_REQUEST and is_counted(request, wanted):
        counted.add(wanted.project, wanted.version)
    return response


def is_counted(request: HttpRequest, wanted: Wanted) -> bool:
    """Return whether this is the beginning of a download; clients that go on with one, or look inside, ask for parts.

    A link to a bucket counts when it is handed out: what becomes of it is not seen here.
    """
    part = request.headers.get("Range", "bytes=0-").replace(" ", "")
    return bool(wanted.version) and part.startswith("bytes=0-")


def given(request: HttpRequest, wanted: Wanted, headers: dict[str, str]) -> HttpResponseBase:
    """Return the bytes, or the link to where they are."""
    link = links.link(wanted.key, filename=wanted.filename, content_type=wanted.content_type)
    if link is not None:
        # 302 and no-store: the link ends soon, and pip would keep a 301 or 308 for ever.
        return HttpResponseRedirect(link, headers={"Cache-Control": "no-store", "Content-Length": "0"})
    wants_part = same_file(request.headers.get("If-Range"), headers["ETag"])
    return sent(wanted, request.headers.get("Range") if wants_part else None, headers)


def find(sha256: str, filename: str, who: Principal) -> Wanted | None:
    """Return which file published here an address leads to, by one read of the catalogue.

    None where there is none, or none that the caller may know of.
    """
    name = filename.removesuffix(keys.METADATA)
    try:
        found = catalogue.download(sha256, name) if keys.SHA256.match(sha256) else None
    except BadFilename:
        found = None
    if found is not None and not may(who, Action.READ, found.project):
        found = None
    if found is not None and name == filename:
        return Wanted(
            key=keys.blob(sha256, name),
            filename=name,
            sha256=sha256,
            size=found.size,
            content_type=FILE_TYPE,
            project=found.project,
            version=found.version,
        )
    if found is not None and found.metadata_sha256:
        return Wanted(
            key=keys.metadata(sha256, name),
            filename=filename,
            sha256=found.metadata_sha256,
            size=found.metadata_size,
            content_type=METADATA_TYPE,
        )
    return None


def sent(wanted: Wanted, range_header: str | None, headers: dict[str, str]) -> HttpResponseBase:
    """Return the bytes, or the part of them that a Range header asks for, as a stream that the server closes.

    Raises:
        BlobMissing: they are not in the file store.
        StoreUnavailable: the file store cannot answer, or holds something else.
    """
    size = store.stat(wanted.key).size
    if wanted.size != size:
        raise StoreUnavailable("This file is damaged in the place where files are kept; tell the index's operator.")
    try:
        part = ranges.wanted(range_header, size)
    except NoSuchRange as error:
        return beyond_the_end(error, size, headers)
    first, length = (part.first, part.length) if part else (0, size)
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    headers["Content-Length"] = str(length)
    if part is None:
        return whole(wanted, headers)
    return StreamingHttpResponse(
        store.stream(wanted.key, first, length),
        status=206,
        content_type=wanted.content_type,
        headers=headers,
    )


def whole(wanted: Wanted, headers: dict[str, str]) -> HttpResponseBase:
    """Return all the bytes as an open file, which a server may hand to the operating system to send.

    Raises:
        BlobMissing: they are not in the file store.
    """
    response = FileResponse(store.open(wanted.key), content_type=wanted.content_type, headers=headers)
    response.block_size = BLOCK
    del response["Content-Disposition"]  # the address ends in the name
    return response


def beyond_the_end(error: NoSuchRange, size: int, headers: dict[str, str]) -> HttpResponse:
    """Return a 416, which says how long the file is, so that the caller can ask again."""
    body = f"{error}\n".encode()
    return HttpResponse(
        body,
        status=416,
        content_type="text/plain; charset=utf-8",
        headers={
            "ETag": headers["ETag"],
            "Accept-Ranges": "bytes",
            "Cache-Control": "no-store",
            "Content-Range": f"bytes */{size}",
            "Content-Length": str(len(body)),
        },
    )
