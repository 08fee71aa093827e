"""The legacy upload door: authenticates, reads the form, hands a candidate to ``publish``, says what came of it."""

import re
import time
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from packages_app.accounts.gate import principal
from packages_app.accounts.permissions import Action, demand
from packages_app.conf import options
from packages_app.errors import WrongMethod
from packages_app.file_store.errors import reported
from packages_app.file_store.spool import spooled
from packages_app.uploads.candidate import Candidate
from packages_app.uploads.errors import BadUpload, LengthRequired
from packages_app.uploads.legacy import forms, multipart
from packages_app.uploads.publish import Published, publish, too_large

DRAIN_BYTES = 64 * 1024**2
DRAIN_SECONDS = 20.0
DRAIN_STALL_SECONDS = 2.0
STALL_SECONDS = 60.0
"""How long a client may send nothing before its upload is given up: it holds one of the server's threads."""
FORM_ALLOWANCE = 32 * 1024**2
"""Bytes that the other fields and the multipart framing may add to the file."""


@csrf_exempt  # an API door: it reads the Authorization header, never a cookie
def upload(request: HttpRequest) -> HttpResponse:
    """Publish the file in the request, or say why not."""
    wait_at_most(request, STALL_SECONDS)
    try:
        published = take(request)
    except Exception:
        drain(request)
        raise
    sentence = f"{published.file.filename}: {published.outcome.value}."
    return HttpResponse(
        sentence + "\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def take(request: HttpRequest) -> Published:
    """Publish the file in the request; nothing is read of a request that may not upload."""
    if request.method != "POST":
        sentence = "This address takes uploads: POST a file with twine, uv publish or another upload client."
        raise WrongMethod(sentence, allowed="POST")
    who = principal(request)
    demand(who, Action.UPLOAD)
    forms.check_action(request.GET.get(":action", ""))
    check_length(request)
    with spooled() as spool:
        handler = multipart.ContentHandler(spool.file)
        claims = forms.claims(multipart.read(request, handler))
        if not handler.filename:
            raise BadUpload("The upload has no file: send it in a part named content, with its file name.")
        with reported():
            spool.file.flush()
        return publish(
            Candidate(
                filename=handler.filename,
                path=spool.path,
                size=handler.hasher.size,
                digests=handler.hasher.digests(),
                principal=who,
                source="legacy",
                claims=claims,
            )
        )


def check_length(request: HttpRequest) -> None:
    """Refuse a body that is too large, or of unknown length, before any of it is read.

    Raises:
        LengthRequired: there is no Content-Length.
        TooLarge: it is over the limit, and over what the form's fields may add.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not re.fullmatch(r"[0-9]{1,18}", length):
        raise LengthRequired("Say how long the upload is: send it with a Content-Length.")
    if int(length) > options().max_upload_bytes + FORM_ALLOWANCE:
        raise too_large()


def wait_at_most(request: HttpRequest, seconds: float) -> None:
    """Let reads of this request's body fail after so many seconds of silence, where the server has a socket to tell."""
    connection = request.META.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(seconds)


def drain(request: HttpRequest) -> None:
    """Read on for a while after a refusal, and drop what comes.

    Most clients read no answer before they have sent their whole body; one that meets a closed connection instead
    reports a broken network, not the reason. What goes past the bounds is cut off.
    """
    wait_at_most(request, DRAIN_STALL_SECONDS)
    ends = time.monotonic() + DRAIN_SECONDS
    left = DRAIN_BYTES
    with suppress(UnreadablePostError, OSError):
        while left > 0 and time.monotonic() < ends:
            chunk = request.read(min(left, 64 * 1024))
            if not chunk:
                return
            left -= len(chunk)
