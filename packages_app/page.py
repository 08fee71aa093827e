"""Renders pages for people: a template, and the headers that keep a browser from trusting anything else."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string

# Names, descriptions and file names come from strangers. Even if one of them got through as markup, it could run
# nothing, load nothing from elsewhere, send no form elsewhere and be framed by nobody.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Return the page that ``template`` (below ``templates/packages_app/``) makes of ``context``, compressed if it may.

    Pages show who is signed in, so no cache keeps one for somebody else, and a browser asks again before it shows one.
    """
    body = render_to_string(f"packages_app/{template}", context or {}, request)
    response = HttpResponse(body, status=status)
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["Cache-Control"] = "private, no-cache"
    # With no referrer at all, browsers send no origin with a form either, and it could not be told from a forged one.
    response["Referrer-Policy"] = "same-origin"
    response["Vary"] = "Cookie, Authorization"
    return packed(request, response)


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer compressed, where it is long enough and the browser takes gzip.

    Django's compression pads each answer at random, so that its length tells nothing of a token in it (BREACH).
    """

    def as_it_is(_: HttpRequest) -> HttpResponseBase:
        return response

    GZipMiddleware(as_it_is)(request)  # it changes the answer in place
    return response
