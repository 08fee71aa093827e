"""Reads on after a refusal, so that a client that is still sending gets to read the answer."""

import time
from contextlib import suppress

from django.http import HttpRequest
from django.http.request import UnreadablePostError

DRAIN_BYTES = 64 * 1024**2
DRAIN_SECONDS = 20.0


def drain(request: HttpRequest) -> None:
    """Read on for a while after a refusal, and drop what comes.

    Most clients read no answer before they have sent their whole body; one that meets a closed connection instead
    reports a broken network, not the reason. What goes past the bounds is cut off.
    """
    ends = time.monotonic() + DRAIN_SECONDS
    left = DRAIN_BYTES
    with suppress(UnreadablePostError, OSError):
        while left > 0 and time.monotonic() < ends:
            chunk = request.read(min(left, 64 * 1024))
            if not chunk:
                return
            left -= len(chunk)
