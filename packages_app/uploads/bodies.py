"""Reads the bodies of uploads: their length, the patience with a silent client, and what is left after a refusal."""

import re
import time
from contextlib import suppress

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from packages_app.uploads.errors import LengthRequired

DRAIN_BYTES = 64 * 1024**2
DRAIN_SECONDS = 20.0
DRAIN_STALL_SECONDS = 2.0
STALL_SECONDS = 60.0
"""How long a client may send nothing before its upload is given up: it holds one of the server's threads."""


def length_of(request: HttpRequest) -> int:
    """Return how long the request says its body is.

    Raises:
        LengthRequired: there is no Content-Length.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not re.fullmatch(r"[0-9]{1,18}", length):
        raise LengthRequired("Say how long the upload is: send it with a Content-Length.")
    return int(length)


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
    with suppress(UnreadablePostError):
        while left > 0 and time.monotonic() < ends:
            chunk = request.read(min(left, 64 * 1024))
            if not chunk:
                return
            left -= len(chunk)
