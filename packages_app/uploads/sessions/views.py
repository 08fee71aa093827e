"""The door of upload sessions: reads a request, calls one flow, writes its document (PEP 694)."""

import json
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from packages_app.accounts.gate import principal
from packages_app.accounts.permissions import Action, demand
from packages_app.errors import WrongMethod
from packages_app.metadata.attestations import LONGEST as LONGEST_ATTESTATIONS
from packages_app.uploads.bodies import STALL_SECONDS, drain, length_of, wait_at_most
from packages_app.uploads.errors import BadUpload
from packages_app.uploads.sessions import documents, end, forms, mechanisms, read, work
from packages_app.uploads.sessions import parts as parting
from packages_app.uploads.sessions import upload as uploading
from packages_app.uploads.sessions.complete import complete as complete_file
from packages_app.uploads.sessions.create import create as create_session
from packages_app.uploads.sessions.entries import FileStatus, Mechanism, Session, SessionFile, Status
from packages_app.uploads.sessions.publish import publish as publish_session

# Every view here is exempt from CSRF checks: it reads the Authorization header or a signed link, never a cookie.
SOON, LATER = {"Retry-After": "1"}, {"Retry-After": "2"}


@csrf_exempt
def root(request: HttpRequest) -> HttpResponse:
    """Begin a session."""
    allow(request, "POST")
    who = principal(request)
    demand(who, Action.UPLOAD)
    name, version = forms.session(body_of(request), request.headers.get("Content-Type", ""))
    made = create_session(name, version, who)
    return told_session(request, made, status=201)


@csrf_exempt
def session(request: HttpRequest, session: str) -> HttpResponse:
    """Tell how far a session is, or cancel it."""
    allow(request, "GET", "DELETE")
    who = principal(request)
    if request.method == "DELETE":
        end.cancel(session, who)
        return HttpResponse(status=204)
    found = read.session(session, who)
    work.revive(found, None, who)
    return told_session(request, found)


@csrf_exempt
def extend(request: HttpRequest, session: str) -> HttpResponse:
    """Let a session live longer."""
    allow(request, "POST")
    who = principal(request)
    demand(who, Action.UPLOAD)
    seconds = forms.extension(body_of(request), request.headers.get("Content-Type", ""))
    extended, notice = end.extend(session, seconds, who)
    return told_session(request, extended, notices=(notice,) if notice else ())


@csrf_exempt
def publish(request: HttpRequest, session: str) -> HttpResponse:
    """List all files of a session."""
    allow(request, "POST")
    made = publish_session(session, principal(request))
    return told_session(request, made, status=202 if made.status is Status.PROCESSING else 201)


@csrf_exempt
def files(request: HttpRequest, session: str) -> HttpResponse:
    """Take a file into a session; its bytes are sent next."""
    allow(request, "POST")
    who = principal(request)
    demand(who, Action.UPLOAD)
    wanted = forms.new_file(body_of(request), request.headers.get("Content-Type", ""))
    made = uploading.begin(session, wanted, who)
    # PEP 694: 202, and Retry-After must be there.
    return told_file(request, read.session(session, who), made, status=202, headers=SOON)


@csrf_exempt
def file(request: HttpRequest, session: str, filename: str) -> HttpResponse:
    """Tell how far a file is, or take it out of its session."""
    allow(request, "GET", "DELETE")
    who = principal(request)
    if request.method == "DELETE":
        end.cancel_file(session, filename, who)
        return HttpResponse(status=204)
    of, found = read.session(session, who), read.file(session, filename)
    work.revive(of, found, who)
    return told_file(request, of, found)


@csrf_exempt
def extend_file(request: HttpRequest, session: str, filename: str) -> HttpResponse:
    """Let a file live longer; files live as long as their session."""
    extend(request, session)
    return told_file(request, read.session(session, principal(request)), read.file(session, filename))


@csrf_exempt
def complete(request: HttpRequest, session: str, filename: str) -> HttpResponse:
    """Check a file whose bytes were sent."""
    allow(request, "POST")
    who = principal(request)
    made = complete_file(session, filename, who)
    return told_file(request, read.session(session, who), made, status=201 if made.checked is not None else 202)


@csrf_exempt
def post_bytes(request: HttpRequest, session: str, filename: str) -> HttpResponse:
    """Take a file's bytes as the body of a POST."""
    allow(request, "POST")
    read.open_session(session, principal(request))
    return received_file(request, read.file(session, filename), Mechanism.POST)


@csrf_exempt
def put_bytes(request: HttpRequest, token: str) -> HttpResponse:
    """Take a file's bytes as the body of a PUT to a signed link, without credentials."""
    allow(request, "PUT")
    return received_file(request, mechanisms.opened(token), Mechanism.PUT)


@csrf_exempt
def parts(request: HttpRequest, session: str, filename: str) -> HttpResponse:
    """Tell which parts of a file are there, or give links for sending some."""
    allow(request, "GET", "POST")
    who = principal(request)
    if request.method != "POST":
        file, found = parting.received(session, filename, who)
        return answer(documents.received(file, found), 200, {})
    demand(who, Action.UPLOAD)
    asked = forms.parts(body_of(request), request.headers.get("Content-Type", ""))
    file, upload = parting.wanted(session, filename, asked, who)
    at = addresses(request)
    return answer(documents.part_links(mechanisms.part_link(file, upload, part, at) for part in asked), 200, {})


@csrf_exempt
def put_part(request: HttpRequest, token: str) -> HttpResponse:
    """Take a part of a file as the body of a PUT to a signed link, without credentials."""
    allow(request, "PUT")
    file, part = mechanisms.opened_part(token)
    return received(
        request, lambda length: parting.receive(uploading.pending(file, Mechanism.PARTS), part, request.read, length)
    )


@csrf_exempt
def attestations(request: HttpRequest, session: str, filename: str) -> HttpResponse:
    """Take the attestations of a file (PEP 740)."""
    allow(request, "POST")
    read.open_session(session, principal(request))
    try:
        document = body_of(request, LONGEST_ATTESTATIONS).decode()
    except UnicodeDecodeError:
        raise BadUpload("Attestations are a JSON array in UTF-8.") from None
    uploading.attest(read.file(session, filename), document)
    return HttpResponse(status=204)


def received_file(request: HttpRequest, file: SessionFile, by: Mechanism) -> HttpResponse:
    """Take the body of a request for the bytes of a file."""
    return received(request, lambda length: uploading.receive(uploading.pending(file, by), request.read, length))


def received(request: HttpRequest, receive: Callable[[int], None]) -> HttpResponse:
    """Take the body of a request, which has so many bytes, and drop what a refusal leaves of it."""
    wait_at_most(request, STALL_SECONDS)
    try:
        receive(length_of(request))
    except Exception:
        drain(request)
        raise
    return HttpResponse(status=204)


def allow(request: HttpRequest, *methods: str) -> None:
    """Return if the request's method is one of these.

    Raises:
        WrongMethod: it is not.
    """
    if request.method in methods or (request.method == "HEAD" and "GET" in methods):
        return
    raise WrongMethod(f"This address of the upload API takes {' and '.join(methods)}.", allowed=", ".join(methods))


def body_of(request: HttpRequest, limit: int = forms.LONGEST) -> bytes:
    """Return the body of a request, which holds a document and no file.

    Raises:
        LengthRequired: it does not say how long it is.
        BadUpload: it is longer than any document is.
    """
    length = length_of(request)
    if length > limit:
        drain(request)
        raise BadUpload(f"The document is larger than {limit // 1024} KB.")
    wait_at_most(request, STALL_SECONDS)
    return request.read(length)


def told_session(
    request: HttpRequest, found: Session, *, status: int = 200, notices: tuple[str, ...] = ()
) -> HttpResponse:
    """Return the status document of a session, and where it is."""
    at = addresses(request)
    headers = {"Location": at("upload-session", found.id)}
    if found.status is Status.PROCESSING:
        headers |= LATER
    return answer(documents.session(found, read.files(found.id), at, notices), status, headers)


def told_file(
    request: HttpRequest,
    of: Session,
    found: SessionFile,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the status document of a file of a session, and where it is."""
    at = addresses(request)
    said = {"Location": at("upload-file", of.id, found.filename)}
    if found.status is FileStatus.PROCESSING:
        said |= LATER
    return answer(documents.file(of, found, at), status, {**said, **(headers or {})})


def answer(document: documents.Json, status: int, headers: Mapping[str, str]) -> HttpResponse:
    """Return a document as PEP 694's media type; it holds links that let their bearer in, so nobody keeps it."""
    return HttpResponse(
        json.dumps(document),
        content_type=forms.V2,
        status=status,
        headers={**headers, "Cache-Control": "no-store"},
    )


def addresses(request: HttpRequest) -> documents.At:
    """Return what makes absolute addresses of this index, as its caller reaches it, stage prefix and all."""

    def at(view: str, *args: str) -> str:
        return request.build_absolute_uri(reverse(view, args=args))

    return at
