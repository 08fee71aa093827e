"""Finds the static files of pages and admin, and names each by what it holds, so that browsers keep it for ever.

There is no collected folder and no build step: the files of the installed apps are read when they are first asked for.
They are few and small, and stay in memory, packed.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage
from django.urls import reverse

from packages_app.browser.errors import NoSuchPage

# A list of ours: what the machine's own list says of an ending differs from one machine to the next.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
OTHER = "application/octet-stream"
MOST_KEPT = 512
DIGEST = 16
"""Hexadecimal digits of the digest in an address."""


@dataclass(frozen=True)
class StaticFile:
    """A static file's bytes, as they are and compressed."""

    content_type: str
    digest: str
    plain: bytes
    packed: bytes


class HashedStaticFiles(Storage):
    """What ``{% static %}`` asks for addresses; they follow the prefix that each request came under."""

    def url(self, name: str | None) -> str:
        """Return the address of a static file, with its digest in it."""
        name = name or ""
        return reverse("static-file", args=[static_file(name).digest, name])


def static_file(name: str) -> StaticFile:
    """Return a static file of an installed app, by its name below the apps' ``static`` folders.

    Raises:
        NoSuchPage: no app has it.
    """
    return read.__wrapped__(name) if settings.DEBUG else read(name)


@lru_cache(maxsize=MOST_KEPT)
def read(name: str) -> StaticFile:
    """Return the file; what is not there is not kept, so that strangers' guesses push nothing out."""
    try:
        found = finders.find(name)
    except (SuspiciousFileOperation, ValueError):  # names that lead out of the folders, or hold a NUL
        found = None
    if not isinstance(found, str) or not Path(found).is_file():
        raise NoSuchPage("There is no such file.")
    data = Path(found).read_bytes()
    return StaticFile(
        content_type=TYPES.get(Path(name).suffix, OTHER),
        digest=hashlib.sha256(data).hexdigest()[:DIGEST],
        plain=data,
        packed=gzip.compress(data, mtime=0),
    )
