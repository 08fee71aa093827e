"""Pages that are too large for one answer: they are put into the bucket, and the caller is sent there.

Lambda cuts nothing, it fails: an answer has at most 6 MB, a third less as Base64. A page in the bucket is on another
host, so every link in it is absolute; it is named by its bytes, and a lifecycle rule clears it away.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from packages_app.conf import options
from packages_app.file_store import keys, links
from packages_app.file_store import read as store
from packages_app.file_store import write as store_write
from packages_app.file_store.errors import BlobMissing
from packages_app.simple_api.cache import Built
from packages_app.simple_api.encodings import Encoding
from packages_app.simple_api.formats import Format

FRESH = timedelta(days=1)
"""A page this old is put again, so that none goes while a link to it still works; setup_aws lets them live longer."""


def is_too_large(built: Built) -> bool:
    """Return whether a page cannot be sent from here."""
    limit = options().largest_answer
    return bool(limit) and len(built.body) > limit


def elsewhere(
    request: HttpRequest, chosen: Format, encoding: Encoding, build: Callable[[str], Built]
) -> HttpResponse | None:
    """Return a redirect to the page in the bucket; None where there is no bucket.

    ``build`` makes the page with links that begin with its argument.

    Raises:
        StoreUnavailable: the bucket refuses.
    """
    if options().bucket is None:
        return None
    built = build(request.build_absolute_uri(f"{request.META.get('SCRIPT_NAME', '')}/"))
    key = keys.page(hashlib.sha256(built.body).hexdigest())
    if not is_there(key):
        store_write.put_bytes(key, built.body)
    coded = "" if encoding is Encoding.IDENTITY else encoding.value
    link = links.page_link(key, content_type=chosen.content_type, encoding=coded)
    if link is None:
        return None
    response = HttpResponseRedirect(link)
    response["Cache-Control"] = "no-store"  # the link ends soon
    response["Vary"] = "Accept, Accept-Encoding"
    response["X-PyPI-Last-Serial"] = str(built.serial)
    response["Content-Length"] = "0"
    return response


def is_there(key: str) -> bool:
    """Return whether the page was put not long ago."""
    try:
        return datetime.now(UTC) - store.stat(key).modified < FRESH
    except BlobMissing:
        return False
