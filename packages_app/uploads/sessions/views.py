"""The door of upload sessions: reads a request, calls one flow, writes its document (PEP 694)."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from packages_app.accounts.gate import principal, uploads
from packages_app.accounts.permissions import Action, demand
from packages_app.uploads.sessions import documents, end, forms, read, work
from packages_app.uploads.sessions import upload as uploading
from packages_app.uploads.sessions.complete import complete as complete_file
from packages_app.uploads.sessions.create import create as create_session
from packages_app.uploads.sessions.entries import FileStatus, Session, SessionFile, Status
from packages_app.uploads.sessions.exchange import addresses, allow, answer, body_of
from packages_app.uploads.sessions.publish import publish as publish_session

# Every view here is exempt from CSRF checks: it reads the Authorization header or a signed link, never a cookie.
SOON, LATER = {"Retry-After": "1"}, {"Retry-After": "2"}


@csrf_exempt
@uploads
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
@uploads
def publish(request: HttpRequest, session: str) -> HttpResponse:
    """List all files of a session."""
    allow(request, "POST")
    made = publish_session(session, principal(request))
    return told_session(request, made, status=202 if made.status is Status.PROCESSING else 201)


@csrf_exempt
@uploads
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
@uploads
def complete(request: HttpRequest, session: str, filename: str) -> HttpResponse:
    """Check a file whose bytes were sent."""
    allow(request, "POST")
    who = principal(request)
    made = complete_file(session, filename, who)
    return told_file(request, read.session(session, who), made, status=201 if made.checked is not None else 202)


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
