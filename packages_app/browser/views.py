"""Answers people: home, search, projects and their releases, static files."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse

from packages_app.accounts.gate import pages, visitor
from packages_app.accounts.permissions import Action, demand, may
from packages_app.accounts.visible import visible
from packages_app.browser import commands
from packages_app.browser.static_files import static_file
from packages_app.catalogue.errors import NoSuchProject
from packages_app.catalogue.sought import normalized as normalized_name
from packages_app.conf import options
from packages_app.page import page
from packages_app.preferences import ranked
from packages_app.simple_api.answers import check_method, not_modified
from packages_app.simple_api.conditions import unchanged

LONGEST_QUERY = 200
NEWEST = 10
"""Releases on the home page."""
FOREVER = "public, max-age=31536000, immutable"


@pages
def home(request: HttpRequest) -> HttpResponse:
    """Show what came lately, and how to use the index."""
    from packages_app.browser.chart import DAYS, chart  # noqa: PLC0415 - an installer's request needs no page
    from packages_app.discovery.recent import recent_releases  # noqa: PLC0415 - an installer needs no page
    from packages_app.downloads import read as downloads  # noqa: PLC0415 - an installer needs no page

    check_method(request)
    shown = visible(visitor(request))
    context = {
        "recent": recent_releases(NEWEST, shown.__contains__),
        # Of the whole index, so only for who may see all of it.
        "downloads": chart(downloads.read("", DAYS)) if shown.everything else None,
        "install": commands.install(index_url(request), "PACKAGE"),
        "publish": commands.publish(upload_url(request)),
    }
    return page(request, "home.html", context)


@pages
def search(request: HttpRequest) -> HttpResponse:
    """Show the projects that were searched for, a page at a time."""
    from packages_app.discovery.search import search as found_by  # noqa: PLC0415 - an installer needs no page

    check_method(request)
    query, cursor = request.GET.get("q", "").strip()[:LONGEST_QUERY], request.GET.get("after", "")
    found = found_by(query, visible(visitor(request)).__contains__, cursor=cursor)
    more = "?" + urlencode({"q": query, "after": found.cursor}) if found.cursor else ""
    context = {"query": query, "cursor": cursor, "projects": found.projects, "next": more}
    return page(request, "search.html", context)


@pages
def project(request: HttpRequest, name: str, version: str = "") -> HttpResponse:
    """Show a project and its newest release, or the release of one version."""
    from packages_app.browser.project import look_up  # noqa: PLC0415 - an installer needs no page
    from packages_app.browser.withheld import withheld  # noqa: PLC0415 - an installer needs no page

    check_method(request)
    normalized = normalized_name(name)
    demand(visitor(request), Action.READ, normalized)
    try:
        view = look_up(normalized, version)
    except NoSuchProject:
        if not options().upstream.urls:
            raise
        return of_another_index(request, name, normalized, version)
    shown = view.release.version if view.release and version else ""
    if (normalized, shown) != (name, version):
        return HttpResponseRedirect(address(normalized, shown))
    # Installers take a yanked release only where its version is asked for.
    wanted = view.release.version if view.release and view.release.yanked else shown
    install = commands.install(index_url(request), normalized, wanted)
    manages = may(visitor(request), Action.MANAGE, normalized)
    context = {"version": shown, "install": install, "manages": manages, "withheld": withheld(normalized)}
    return page(request, "project.html", {**vars(view), **context})


def of_another_index(request: HttpRequest, name: str, normalized: str, version: str) -> HttpResponse:
    """Show a project that only the index behind this one has."""
    from packages_app.browser import behind  # noqa: PLC0415 - an installer needs no page
    from packages_app.browser.withheld import withheld  # noqa: PLC0415 - an installer needs no page

    view = behind.look_up(normalized, version)
    shown = view.version if version else ""
    if (normalized, shown) != (name, version):
        return HttpResponseRedirect(address(normalized, shown))
    install = commands.install(index_url(request), normalized, shown)
    more = {"project": view, "install": install, "withheld": withheld(normalized)}
    return page(request, "behind.html", vars(view) | more)


@pages
def history(request: HttpRequest, name: str) -> HttpResponse:
    """Show who may see it what happened to a project."""
    from packages_app.browser.history import history as happened  # noqa: PLC0415 - an installer needs no page

    check_method(request)
    normalized = normalized_name(name)
    if normalized != name:
        return HttpResponseRedirect(reverse("history", args=[normalized]))
    cursor = request.GET.get("after", "")
    found = happened(visitor(request), name, cursor)
    context = {"project": name, "happenings": found.happenings, "next": found.cursor, "cursor": cursor}
    return page(request, "history.html", context)


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
