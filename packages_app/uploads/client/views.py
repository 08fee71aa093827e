"""The door that hands out the one-file client with this index's address in it, to anybody: it holds no secret."""

import hashlib
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import etag

from packages_app.errors import WrongMethod

SOURCE = Path(__file__).with_name("upload.py")
PLACE = 'INDEX_URL = ""'
"""The line of the source where the address goes."""


@cache
def source() -> str:
    """Return the client as it lies here, without an address."""
    return SOURCE.read_text(encoding="utf-8")


def text(request: HttpRequest) -> str:
    """Return the client with the address by which its caller reaches this index, stage prefix and all."""
    address = request.build_absolute_uri(reverse("home"))
    return source().replace(PLACE, f"INDEX_URL = {address!a}", 1)


def tag(request: HttpRequest) -> str:
    """Return the ETag of the client as this caller gets it."""
    return f'"{hashlib.sha256(text(request).encode()).hexdigest()}"'


def script(request: HttpRequest) -> HttpResponse:
    """Answer the client, for ``python upload.py`` and for ``uv run``."""
    if request.method not in ("GET", "HEAD"):
        raise WrongMethod("The uploader is only read: use GET or HEAD.", allowed="GET, HEAD")
    return served(request)


@etag(tag)
def served(request: HttpRequest) -> HttpResponse:
    """Answer the client, or 304 to who has it already."""
    return HttpResponse(
        text(request), content_type="text/x-python; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
