"""Answers people: home, search, projects and their releases, static files."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from packages_app.accounts.gate import reads
from packages_app.browser.static_files import static_file
from packages_app.page import page
from packages_app.preferences import ranked
from packages_app.simple_api.answers import check_method, not_modified
from packages_app.simple_api.conditions import unchanged

FOREVER = "public, max-age=31536000, immutable"


@reads
def home(request: HttpRequest) -> HttpResponse:
    """Show what the index is, and how to use it."""
    check_method(request)
    return page(request, "home.html", {"index_url": index_url(request), "upload_url": upload_url(request)})


def asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """Answer a static file; whoever asks for the digest that it has may keep it for ever."""
    check_method(request)
    found = static_file(name)
    packed = dict(ranked(request.headers.get("Accept-Encoding", ""))).get("gzip", 0) > 0
    headers = {
        "ETag": f'"{found.digest}{".gzip" if packed else ""}"',
        "Vary": "Accept-Encoding",
        # Style sheets name pictures relative to themselves, so those come with the style sheet's digest.
        "Cache-Control": FOREVER if digest == found.digest else "public, no-cache",
    }
    if unchanged(request.headers.get("If-None-Match"), headers["ETag"]):
        return not_modified(headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(found.packed if packed else found.plain, content_type=found.content_type, headers=headers)


def index_url(request: HttpRequest) -> str:
    """Return the address that installers are given, as this request reached the index."""
    return request.build_absolute_uri(reverse("simple-root"))


def upload_url(request: HttpRequest) -> str:
    """Return the address that upload clients are given, as this request reached the index."""
    return request.build_absolute_uri(reverse("legacy-upload"))
