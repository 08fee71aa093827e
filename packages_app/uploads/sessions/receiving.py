"""The door for the bytes of files: whole, in parts, and what attests them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from packages_app.accounts.gate import principal, uploads
from packages_app.accounts.permissions import Action, demand
from packages_app.metadata.attestations import LONGEST as LONGEST_ATTESTATIONS
from packages_app.uploads.bodies import STALL_SECONDS, drain, length_of, wait_at_most
from packages_app.uploads.errors import BadUpload
from packages_app.uploads.sessions import documents, forms, mechanisms, read
from packages_app.uploads.sessions import parts as parting
from packages_app.uploads.sessions import upload as uploading
from packages_app.uploads.sessions.entries import Mechanism, SessionFile
from packages_app.uploads.sessions.exchange import addresses, allow, answer, body_of

# Every view here is exempt from CSRF checks: it reads the Authorization header or a signed link, never a cookie.


@csrf_exempt
@uploads
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
