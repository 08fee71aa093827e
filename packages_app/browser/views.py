"""Answers people: home, search, projects and their releases, static files."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse

from packages_app.accounts.gate import principal, reads
from packages_app.accounts.permissions import Action, demand
from packages_app.browser import commands
from packages_app.browser.static_files import static_file
from packages_app.page import page
from packages_app.preferences import ranked
from packages_app.simple_api.answers import check_method, not_modified
from packages_app.simple_api.conditions import unchanged
from packages_app.simple_api.views import normalize

FOREVER = "public, max-age=31536000, immutable"


@reads
def home(request: HttpRequest) -> HttpResponse:
    """Show what the index is, and how to use it."""
    check_method(request)
    return page(
        request,
        "home.html",
        {
            "install": commands.install(index_url(request), "PACKAGE"),
            "publish": commands.publish(upload_url(request)),
        },
    )


@reads
def project(request: HttpRequest, name: str, version: str = "") -> HttpResponse:
    """Show a project and its newest release, or the release of one version."""
    from packages_app.browser.project import look_up  # noqa: PLC0415 - an installer's request should not pay for it

    check_method(request)
    normalized = normalize(name)
    demand(principal(request), Action.READ, normalized)
    view = look_up(normalized, version)
    shown = view.release.version if view.release and version else ""
    if (normalized, shown) != (name, version):
        return HttpResponseRedirect(address(normalized, shown))
    install = commands.install(index_url(request), normalized, shown)
    return page(request, "project.html", {**vars(view), "version": shown, "install": install})


def without_slash(request: HttpRequest, **_: str) -> HttpResponse:
    """Send on to the same address with a slash at its end, which all pages have."""
    check_method(request)
    return HttpResponsePermanentRedirect(f"{request.path}/")


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


def address(project: str, version: str) -> str:
    """Return the address of a project's page, or of that of one of its releases."""
    return reverse("release", args=[project, version]) if version else reverse("project", args=[project])
