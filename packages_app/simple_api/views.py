"""Answers installers that read the index: the list of projects, and each project's files."""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)

from packages_app.accounts.gate import reads_or_visits, visitor
from packages_app.accounts.permissions import Action, demand
from packages_app.accounts.visible import Visible, visible
from packages_app.catalogue import read
from packages_app.catalogue.entries import Listed
from packages_app.catalogue.sought import normalized
from packages_app.conf import options
from packages_app.simple_api import as_html, as_json, encodings, formats, large
from packages_app.simple_api.answers import cache_control, check_method, moved, not_modified
from packages_app.simple_api.cache import Built, PageKey, home, page_cache
from packages_app.simple_api.conditions import page_etag, unchanged
from packages_app.simple_api.offers import Names, more_names, offer, with_more
from packages_app.simple_api.pages import ProjectPage, RootPage, root_page, root_serial

WRITE_PROJECT: dict[str, Callable[[ProjectPage], bytes]] = {"html": as_html.project, "json": as_json.project}
WRITE_ROOT: dict[str, Callable[[RootPage], Iterator[bytes]]] = {"html": as_html.root, "json": as_json.root}


@reads_or_visits
def root(request: HttpRequest) -> HttpResponseBase:
    """Answer the list of the projects that the caller may read."""
    check_method(request)
    shown, more = visible(visitor(request)), more_names()
    # Callers who may read different projects get different pages, under different tags.
    version = read.root_version() + shown.key + (more.version if more else "")

    def ours() -> Iterable[Listed]:
        listed = read.listed()
        return listed if shown.everything else (each for each in listed if each.name in shown)

    def build(kind: str, base: str) -> Built:
        page = root_page(ours(), base) if more is None else whole(ours(), more, shown, base)
        return Built(b"".join(WRITE_ROOT[kind](page)), page.serial)

    # A list of millions is not built before it is sent, where it can be sent at all.
    if more is not None and not options().largest_answer:
        response = streamed(request, version, lambda: whole(ours(), more, shown))
    else:
        response = answer(request, f"#{shown.key}" if shown.key else "", version, build)
    if more is not None and more.warning:
        response["Warning"] = more.warning
    return response


def whole(ours: Iterable[Listed], more: Names, shown: Visible, base: str = "") -> RootPage:
    """Return the page of our projects with those of an index behind this one, which are read while it is written."""
    first = sorted(ours, key=attrgetter("name"))
    theirs = (each for each in more.listed() if shown.everything or each.name in shown)
    return RootPage(serial=max(root_serial(first), more.serial), projects=with_more(first, theirs), base=base)


@reads_or_visits
def project(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a project's page."""
    check_method(request)
    if (project_name := normalized(name)) != name:
        return moved(request, f"../{project_name}/")
    demand(visitor(request), Action.READ, name)
    found = offer(name)

    def build(kind: str, base: str) -> Built:
        page = found.page(base)
        return Built(WRITE_PROJECT[kind](page), page.serial)

    response = answer(request, name, found.version, build)
    if found.warning:
        response["Warning"] = found.warning
    return response


@reads_or_visits
def root_without_slash(request: HttpRequest) -> HttpResponse:
    """Send on to the list of projects; PEP 503: addresses of pages end in a slash."""
    check_method(request)
    return moved(request, "simple/")


@reads_or_visits
def project_without_slash(request: HttpRequest, name: str) -> HttpResponse:
    """Send on to the project's page, in one step also where the name is not normalised."""
    check_method(request)
    return moved(request, f"{normalized(name)}/")


def answer(request: HttpRequest, page: str, version: str, build: Callable[[str, str], Built]) -> HttpResponse:
    """Return a page as the caller wants it, or say that the caller has it already.

    Raises:
        NotAcceptable: there is no such format or encoding.
    """
    chosen, encoding, headers = representation(request, version)
    if unchanged(request.headers.get("If-None-Match"), headers["ETag"]):
        return not_modified(headers)

    def built_with(base: str) -> Built:
        key = PageKey(home(), page, version, f"{chosen.kind} {base}" if base else chosen.kind)
        return page_cache.get(key, encoding, lambda: build(chosen.kind, base))

    built = built_with("")
    if request.method == "GET" and large.is_too_large(built):
        there = large.elsewhere(request, chosen, encoding, built_with)
        if there is not None:
            return there
    headers["X-PyPI-Last-Serial"] = str(built.serial)
    headers["Content-Length"] = str(len(built.body))
    if encoding is not encodings.Encoding.IDENTITY:
        headers["Content-Encoding"] = encoding.value
    body = b"" if request.method == "HEAD" else built.body
    return HttpResponse(body, content_type=chosen.content_type, headers=headers)


def streamed(request: HttpRequest, version: str, page_of: Callable[[], RootPage]) -> HttpResponseBase:
    """Answer a list, or that the caller has it already, as `answer` does, but send it while it is written.

    Raises:
        NotAcceptable: there is no such format or encoding.
    """
    chosen, encoding, headers = representation(request, version)
    if unchanged(request.headers.get("If-None-Match"), headers["ETag"]):
        return not_modified(headers)
    page = page_of()
    headers["X-PyPI-Last-Serial"] = str(page.serial)
    if encoding is not encodings.Encoding.IDENTITY:
        headers["Content-Encoding"] = encoding.value
    chunks = encodings.encoded(WRITE_ROOT[chosen.kind](page), encoding) if request.method == "GET" else iter(())
    return StreamingHttpResponse(chunks, content_type=chosen.content_type, headers=headers)


def representation(request: HttpRequest, version: str) -> tuple[formats.Format, encodings.Encoding, dict[str, str]]:
    """Return the format and encoding that the caller wants a page in, and the headers that tell of it.

    Raises:
        NotAcceptable: there is no such format or encoding.
    """
    wanted = request.GET.get("format") if request.META.get("QUERY_STRING") else None
    chosen = formats.negotiate(request.headers.get("Accept"), wanted)
    encoding = encodings.negotiate(request.headers.get("Accept-Encoding"))
    return (
        chosen,
        encoding,
        {
            "ETag": page_etag(version, chosen, encoding),
            "Vary": "Accept, Accept-Encoding",
            # pip honours max-age on pages, and "publish, then install" would fail for that long; asking again is a 304.
            "Cache-Control": cache_control("no-cache"),
        },
    )
