"""What the doors of upload sessions share: reading a request's document, and writing the one that answers it."""

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from packages_app.errors import WrongMethod
from packages_app.uploads.bodies import STALL_SECONDS, drain, length_of, wait_at_most
from packages_app.uploads.errors import BadUpload
from packages_app.uploads.sessions import documents, forms


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
