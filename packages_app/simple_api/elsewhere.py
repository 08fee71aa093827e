"""Answers downloads of files that another index has: from what is kept, by fetching them, or by sending clients on."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse

from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, may
from packages_app.conf import options
from packages_app.file_store import keys
from packages_app.simple_api.answers import cache_control, not_modified
from packages_app.simple_api.conditions import unchanged
from packages_app.simple_api.errors import NoSuchFile
from packages_app.simple_api.wanted import FILE_TYPE, FOREVER, METADATA_TYPE, Wanted
from packages_app.upstream import aside, files, keep
from packages_app.upstream.entries import KeptFile
from packages_app.upstream.entries import Wanted as Missing


def answer(request: HttpRequest, sha256: str, filename: str, who: Principal) -> Wanted | HttpResponseBase:
    """Return the bytes that are kept by now, or the whole answer where there are none.

    Raises:
        NoSuchFile: nothing is offered there.
        Withheld: a policy of this index hides the file.
        SourceFailed: the upstream does not answer as it should.
        NotAsAnnounced: the upstream's bytes are not the announced ones.
    """
    found = files.locate(sha256, filename, lambda project: may(who, Action.READ, project))
    if found is None:
        raise NoSuchFile("No such file is offered, neither by this index nor by the one behind it.")
    if isinstance(found, KeptFile):
        return stored(found)
    if options().upstream.files != "keep" or not found.digest:
        return sent_on(found)
    return kept(request, found)


def kept(request: HttpRequest, missing: Missing) -> Wanted | HttpResponseBase:
    """Fetch what is not kept yet, unless the request needs no bytes, or they are too many to wait for."""
    headers = {"ETag": f'"{missing.digest}"', "Cache-Control": cache_control(FOREVER), "Accept-Ranges": "bytes"}
    if unchanged(request.headers.get("If-None-Match"), headers["ETag"]):
        return not_modified(headers)
    if request.method == "HEAD" and missing.size is not None:
        return HttpResponse(content_type=type_of(missing), headers={**headers, "Content-Length": str(missing.size)})
    most = options().upstream.fetch_bytes
    if most is not None and not missing.metadata and (missing.size is None or missing.size > most):
        aside.put(missing)
        return sent_on(missing)
    found, token = keep.begin(missing)
    if found is not None:
        return stored(found)
    if most is not None or missing.metadata or "Range" in request.headers or request.method == "HEAD":
        return stored(keep.fetch(missing, token))
    return relayed(missing, token, headers)


def relayed(missing: Missing, token: str | None, headers: dict[str, str]) -> HttpResponseBase:
    """Send the bytes on while they come, and keep them."""
    relay = keep.Relay(missing, token)
    if relay.size is not None:
        headers["Content-Length"] = str(relay.size)
    return StreamingHttpResponse(relay, content_type=type_of(missing), headers=headers)


def stored(found: KeptFile) -> Wanted:
    """Return kept bytes as any other stored bytes."""
    return Wanted(
        key=keys.upstream_file(found.digest),
        filename=found.filename,
        sha256=found.digest,
        size=found.size,
        content_type=METADATA_TYPE if found.metadata else FILE_TYPE,
    )


def sent_on(missing: Missing) -> HttpResponse:
    """Send the client to where the upstream has the bytes."""
    # 302 and no-store: pip would keep a 301 or 308 for ever, and the upstream's addresses are its own to change.
    return HttpResponseRedirect(missing.url, headers={"Cache-Control": "no-store", "Content-Length": "0"})


def type_of(missing: Missing) -> str:
    """Return the content type of what is wanted."""
    return METADATA_TYPE if missing.metadata else FILE_TYPE
