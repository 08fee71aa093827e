"""Answers tools that read the legacy JSON API."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from packages_app.accounts.gate import principal, reads
from packages_app.accounts.permissions import Action, demand
from packages_app.catalogue import read
from packages_app.catalogue.entries import Project
from packages_app.catalogue.errors import NoSuchProject
from packages_app.catalogue.sought import normalized
from packages_app.discovery.details import described, project_details
from packages_app.json_api.documents import document
from packages_app.json_api.errors import NoSuchVersion
from packages_app.simple_api.answers import cache_control, check_method, moved, not_modified
from packages_app.simple_api.cache import Built, PageCache, PageKey, home
from packages_app.simple_api.conditions import unchanged
from packages_app.simple_api.encodings import Encoding, negotiate

RENDERER = 1
"""Raise it whenever the same entries give other bytes: clients then fetch their documents again."""
LIMIT = 16 * 1024**2
documents = PageCache(LIMIT)
"""This process's documents."""


@reads
def project(request: HttpRequest, name: str, version: str = "") -> HttpResponseBase:
    """Answer the document of a project and its newest release, or that of one release.

    Raises:
        NoSuchProject: the index has no such project, or none that the caller may read.
    """
    check_method(request)
    if (project_name := normalized(name)) != name:
        return moved(request, f"../../{project_name}/{version}/json" if version else f"../{project_name}/json")
    demand(principal(request), Action.READ, name)
    found = read.project(name)
    if found is None:
        raise NoSuchProject.named(name)
    return answer(request, found, version)


def answer(request: HttpRequest, found: Project, version: str) -> HttpResponseBase:
    """Return the document, or say that the caller has it already; both by one read where nothing changed."""
    base = request.build_absolute_uri(reverse("home"))
    encoding = negotiate(request.headers.get("Accept-Encoding"))
    where = hashlib.sha256(base.encode()).hexdigest()[:8]  # links are absolute, so each address has its own document
    etag = f'"{found.serial}.{where}.{encoding.value}.{RENDERER}"'
    headers = {"ETag": etag, "Vary": "Accept-Encoding", "Cache-Control": cache_control("no-cache")}
    if unchanged(request.headers.get("If-None-Match"), etag):
        return not_modified(headers)
    # A digest, as one version can be written in ways of any length.
    of = f"{found.name} {hashlib.sha256(version.encode()).hexdigest()[:32]}"
    key = PageKey(home(), of, str(found.serial), base)
    built = documents.get(key, encoding, lambda: build(found, version, base))
    headers["X-PyPI-Last-Serial"] = str(built.serial)
    if encoding is not Encoding.IDENTITY:
        headers["Content-Encoding"] = encoding.value
    return HttpResponse(built.body, content_type="application/json", headers=headers)


def build(found: Project, version: str, base: str) -> Built:
    """Return the document's bytes.

    Raises:
        NoSuchVersion: there is no such release.
        StoreUnavailable: its metadata cannot be read now.
    """
    details = project_details(found.name)
    says = described(details, version) if details is not None else None
    if details is None or says is None:
        raise NoSuchVersion(
            f"{found.name} has no release {version[:100]}." if version else f"{found.name} has no files."
        )
    every = None if version else details.releases
    whole = document(says, base, every=every, offered=found.status.offers_files)
    return Built(json.dumps(whole, separators=(",", ":")).encode(), found.serial)
