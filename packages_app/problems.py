"""The one place where errors become answers: a status for each code, and a body in the format the caller reads."""

import json
import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from textwrap import shorten

from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import reverse

from packages_app.errors import PackagesError, Unavailable, WrongMethod
from packages_app.page import page
from packages_app.preferences import prefers, ranked
from packages_app.uploads.sessions.errors import SessionExists

log = logging.getLogger(__name__)

STATUSES = {
    "not-signed-in": HTTPStatus.UNAUTHORIZED,
    "bad-credentials": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "project-closed": HTTPStatus.FORBIDDEN,
    "upstream-name": HTTPStatus.FORBIDDEN,
    "name-reserved": HTTPStatus.CONFLICT,
    "no-such-rule": HTTPStatus.NOT_FOUND,
    "withheld": HTTPStatus.FORBIDDEN,
    "upstream-mismatch": HTTPStatus.BAD_GATEWAY,
    "sign-in-refused": HTTPStatus.FORBIDDEN,
    "too-many-attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "bad-pattern": HTTPStatus.BAD_REQUEST,
    "bad-account": HTTPStatus.BAD_REQUEST,
    "bad-publisher": HTTPStatus.BAD_REQUEST,
    "mint-refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not-enabled": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invalid-payload": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invalid-token": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invalid-publisher": HTTPStatus.UNPROCESSABLE_ENTITY,
    "invalid-reuse-token": HTTPStatus.UNPROCESSABLE_ENTITY,
    "no-such-account": HTTPStatus.NOT_FOUND,
    "account-exists": HTTPStatus.CONFLICT,
    "account-changed": HTTPStatus.CONFLICT,
    "no-such-project": HTTPStatus.NOT_FOUND,
    "no-such-file": HTTPStatus.NOT_FOUND,
    "no-such-entry": HTTPStatus.NOT_FOUND,
    "no-such-page": HTTPStatus.NOT_FOUND,
    "no-such-release": HTTPStatus.NOT_FOUND,
    "no-such-version": HTTPStatus.NOT_FOUND,
    "not-acceptable": HTTPStatus.NOT_ACCEPTABLE,
    "wrong-method": HTTPStatus.METHOD_NOT_ALLOWED,
    "file-exists": HTTPStatus.CONFLICT,
    "distribution-exists": HTTPStatus.CONFLICT,
    "file-changed": HTTPStatus.CONFLICT,
    "file-deleted": HTTPStatus.CONFLICT,
    "project-changed": HTTPStatus.CONFLICT,
    "stale": HTTPStatus.PRECONDITION_FAILED,
    "gone": HTTPStatus.GONE,
    "length-required": HTTPStatus.LENGTH_REQUIRED,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "bad-request": HTTPStatus.BAD_REQUEST,
    "bad-key": HTTPStatus.BAD_REQUEST,
    "no-such-range": HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    "bad-upload": HTTPStatus.BAD_REQUEST,
    "bad-name": HTTPStatus.BAD_REQUEST,
    "bad-filename": HTTPStatus.BAD_REQUEST,
    "bad-cursor": HTTPStatus.BAD_REQUEST,
    "bad-reason": HTTPStatus.BAD_REQUEST,
    "bad-rule": HTTPStatus.BAD_REQUEST,
    "bad-digest": HTTPStatus.BAD_REQUEST,
    "bad-metadata": HTTPStatus.BAD_REQUEST,
    "bad-attestations": HTTPStatus.BAD_REQUEST,
    "disagreement": HTTPStatus.BAD_REQUEST,
    "unsound-archive": HTTPStatus.BAD_REQUEST,
    "bad-document": HTTPStatus.BAD_REQUEST,
    "wrong-size": HTTPStatus.BAD_REQUEST,
    "bad-link": HTTPStatus.FORBIDDEN,
    "no-such-session": HTTPStatus.NOT_FOUND,
    "session-exists": HTTPStatus.CONFLICT,
    "session-closed": HTTPStatus.CONFLICT,
    "session-busy": HTTPStatus.CONFLICT,
    "file-in-session": HTTPStatus.CONFLICT,
    "incomplete-files": HTTPStatus.CONFLICT,
    "never-ends": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not-received": HTTPStatus.CONFLICT,
    "empty-session": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too-many-files": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unknown-mechanism": HTTPStatus.UNPROCESSABLE_ENTITY,
    "wrong-media-type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "answer-too-large": HTTPStatus.INTERNAL_SERVER_ERROR,
    # A listed file whose bytes are missing must not read as 404: resolvers would settle for another version.
    "blob-missing": HTTPStatus.SERVICE_UNAVAILABLE,
}

FRAMEWORK: tuple[tuple[type[Exception] | tuple[type[Exception], ...], HTTPStatus, str, str], ...] = (
    (Http404, HTTPStatus.NOT_FOUND, "not-found", "There is nothing at this address."),
    (PermissionDenied, HTTPStatus.FORBIDDEN, "forbidden", "You may not do this here."),
    (
        DisallowedHost,
        HTTPStatus.BAD_REQUEST,
        "bad-host",
        "This index does not answer to that host name; its operator can allow it with PYPI_ALLOWED_HOSTS.",
    ),
    (
        UnreadablePostError,
        HTTPStatus.BAD_REQUEST,
        "bad-request",
        "The request ended before its body did; send it again.",
    ),
    (
        RequestDataTooBig,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        "The text fields of this request are too large together.",
    ),
    (
        (TooManyFieldsSent, TooManyFilesSent),
        HTTPStatus.BAD_REQUEST,
        "bad-request",
        "This form has too many fields or files.",
    ),
    (
        (MultiPartParserError, BadRequest, SuspiciousOperation),
        HTTPStatus.BAD_REQUEST,
        "bad-request",
        "This request is malformed: {}",
    ),
)
"""Django's own refusals: kind, status, code, sentence; the first that fits decides, so the special ones come first."""

CHALLENGE = 'Basic realm="Package index", charset="UTF-8"'
TEXT = "text/plain"
HTML = "text/html"
PROBLEM = "application/problem+json"
FORMATS = frozenset({TEXT, "application/json", PROBLEM})
API = "/api/"
"""Addresses of the door for scripts, whose problems are always documents."""
TRUSTED = ("/_/", "/.well-known/")
"""Addresses of trusted publishing, whose problems are always documents."""
SESSIONS = "/upload/"
"""Addresses of upload sessions, whose problems are always PEP 694's documents."""
LONGEST_REASON = 200


def response_to(request: HttpRequest, error: Exception, request_id: str) -> HttpResponseBase:
    """Return the answer to a request that ended in ``error``; what nobody expected is logged, and told to nobody."""
    if isinstance(error, PackagesError):
        return domain_error(request, error, request_id)
    for kinds, status, code, sentence in FRAMEWORK:
        if isinstance(error, kinds):
            return problem(request, status, code, sentence.format(plain(str(error))), request_id)
    log.error("request %s failed unexpectedly: %s %r", request_id, request.method, request.path, exc_info=error)
    sentence = f"Something went wrong here; the operator finds it in the log as request {request_id}."
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", sentence, request_id)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that leads nowhere; Django's handler404."""
    return response_to(request, exception, request.META.get("packages_app.request_id", ""))


def forged(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form that did not come from a page of ours; Django's CSRF_FAILURE_VIEW."""
    log.info("a form was refused: %s", reason)
    sentence = (
        "This form did not come from a page of this index, or the page was too old, or the browser keeps no cookies: "
        "go back, reload the page and send it again."
    )
    request_id = request.META.get("packages_app.request_id", "")
    return problem(request, HTTPStatus.FORBIDDEN, "forged-form", sentence, request_id)


def domain_error(request: HttpRequest, error: PackagesError, request_id: str) -> HttpResponse:
    """Return the answer that an error's code calls for."""
    status = STATUSES.get(error.code, HTTPStatus.BAD_REQUEST)
    sentence = plain(str(error))
    if isinstance(error, Unavailable):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        cause = error.__cause__ or error
        log.error("request %s answered 503: %s %r: %r", request_id, request.method, request.path, cause)
        sentence = f"{sentence} (request {request_id})"
    response = problem(request, status, error.code, sentence, request_id, errors=getattr(error, "errors", ()))
    if status is HTTPStatus.SERVICE_UNAVAILABLE or hasattr(error, "retry_after"):
        response["Retry-After"] = str(getattr(error, "retry_after", Unavailable.retry_after))
    if isinstance(error, SessionExists):
        # PEP 694: a second session for a release is told where the first one is.
        response["Location"] = request.build_absolute_uri(reverse("upload-session", args=[error.session]))
    if isinstance(error, WrongMethod):
        response["Allow"] = error.allowed
    if status is HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    return response


def problem(
    request: HttpRequest,
    status: HTTPStatus,
    code: str,
    sentence: str,
    request_id: str,
    *,
    errors: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Return one plain sentence, as text, as the JSON that upload clients read, or on a page for people.

    The JSON is the problem document of RFC 9457 and at the same time what PyPI's upload API answers (``message``,
    ``title``, and a ``code`` that begins with the status), as uv shows ``code``. The sentence is in the reason phrase
    too: twine, poetry and pdm look for "already exists" there or in the body. ``errors`` are pairs of a place in the
    request and a sentence, for PEP 694's door.
    """
    sessions = f"{request.path_info}/".startswith(SESSIONS)
    trusted = request.path_info.startswith(TRUSTED)
    documents = sessions or trusted or f"{request.path_info}/".startswith(API)
    chosen = PROBLEM if documents else format_of(request.headers.get("Accept", ""))
    if chosen == HTML:
        response = page(
            request, "error.html", {"status": int(status), "sentence": sentence, "code": code}, status=status
        )
    elif chosen == TEXT:
        response = HttpResponse(sentence + "\n", content_type="text/plain; charset=utf-8", status=status)
    else:
        document: dict[str, object] = {
            "type": "about:blank",
            "title": status.phrase,
            "status": int(status),
            "detail": sentence,
            "message": sentence,
            "code": f"{int(status)} {sentence}",
            "error": code,
            "request-id": request_id,
        }
        if sessions:
            # PEP 694 extends RFC 9457 by these two.
            told = [{"source": place, "message": plain(what)} for place, what in errors or (("request", sentence),)]
            document |= {"meta": {"api-version": "2.0"}, "errors": told}
        if trusted:
            # What PyPI's door of trusted publishing answers, and its clients show.
            document |= {"errors": [{"code": code, "description": sentence}]}
        response = HttpResponse(json.dumps(document), content_type=chosen, status=status)
    response.reason_phrase = shorten(sentence.encode("ascii", "replace").decode(), LONGEST_REASON, placeholder=" ...")
    response["Content-Length"] = str(len(response.content))
    response["Cache-Control"] = "no-store"
    return response


def format_of(accept: str) -> str:
    """Return the format of a problem that the caller ranks highest; text where it names none of ours.

    A page is for browsers, which want nothing more than HTML; installers take it as a last resort.
    """
    if prefers(accept, HTML):
        return HTML
    best, format_ = 0.0, TEXT
    for media_type, quality in ranked(accept):
        if media_type in FORMATS and quality > best:
            best, format_ = quality, media_type
    return format_


def plain(sentence: str) -> str:
    """Return the sentence on one line, without control characters: it may quote what a stranger sent."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", sentence).strip()
