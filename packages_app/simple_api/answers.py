"""What the answers of pages and files have in common."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from packages_app.conf import options
from packages_app.errors import WrongMethod


def check_method(request: HttpRequest, allowed: str = "GET, HEAD") -> None:
    """Return if the request only reads; ``allowed`` is told to one that does not.

    Raises:
        WrongMethod: it does not.
    """
    if request.method not in ("GET", "HEAD"):
        raise WrongMethod("Pages and files are only read: use GET or HEAD. Uploads are POSTed to /legacy/.", allowed)


def cache_control(directives: str) -> str:
    """Return the directives, and ``private`` unless everybody may read the index."""
    return directives if options().public_read else f"private, {directives}"


def not_modified(headers: Mapping[str, str]) -> HttpResponse:
    """Return a 304 with these headers."""
    response = HttpResponse(status=304, headers=dict(headers))
    del response["Content-Type"]  # nothing comes that would have a type
    return response


def moved(request: HttpRequest, target: str) -> HttpResponse:
    """Return a redirect relative to the request's address, which needs no knowledge of stage prefix, host or proxy."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
    response["Content-Length"] = "0"
    response["Cache-Control"] = cache_control("no-cache")
    return response
