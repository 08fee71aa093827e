"""Any simple index (PEP 503, 691) as a source: asks for pages, and reads the answer by its type."""

import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from packages_app.conf import Upstream
from packages_app.upstream.entries import Absent, Answer, Fetched, Unchanged, UpstreamPage, Validators
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.sources import read_html, read_json
from packages_app.upstream.sources.read_json import unreadable
from packages_app.upstream.sources.reply import Reply
from packages_app.upstream.sources.rest import Rest
from packages_app.upstream.sources.transport import Transport

JSON = "application/vnd.pypi.simple.v1+json"
HTML = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})
ACCEPT = f"{JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
SECONDS = re.compile(r"[0-9]{1,9}\Z")
LONGEST_WAIT = 300.0
"""Seconds of a Retry-After that are heeded."""
ROOT_BYTES = 256 * 1024**2
"""The list of all projects may be larger than a page."""


class SimpleIndex:
    """A simple index at an address such as ``https://index.example/simple/``."""

    def __init__(self, url: str, chosen: Upstream) -> None:
        self.transport = Transport(url, chosen)
        self.limit = chosen.page_bytes
        self.rest = Rest()

    @property
    def name(self) -> str:
        """The address without credentials."""
        return self.transport.base

    def page(self, project: str, known: Validators | None, ends: float) -> Answer:
        """Return a project's page.

        Raises:
            SourceFailed: the answer is none that says what is there.
        """
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip"}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        elif known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        with self.rest.heeded(), self.transport.ask(self.address(project), headers, ends) as reply:
            if reply.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
                return Absent()
            if reply.status == HTTPStatus.NOT_MODIFIED and known is not None:
                return Unchanged()
            check_status(reply)
            kind = content_type(reply)
            read = read_json.page if kind == JSON else read_html.page
            page = usable(read(reply.body(self.limit), project, reply.url))
            etag, modified = reply.headers.get("ETag", ""), reply.headers.get("Last-Modified", "")
            return Fetched(page=page, validators=Validators(source=self.name, etag=etag, last_modified=modified))

    def names(self, ends: float) -> Iterator[str]:
        """Yield the normalised names of all projects.

        Raises:
            SourceFailed: the answer is no list of them.
        """
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip"}
        with self.rest.heeded(), self.transport.ask(self.name, headers, ends) as reply:
            check_status(reply)
            read = read_json.names if content_type(reply) == JSON else read_html.names
            body = reply.body(max(self.limit, ROOT_BYTES))
        yield from read(body)

    def file(self, url: str, ends: float) -> AbstractContextManager[Reply]:
        """Give the bytes of a file.

        Raises:
            SourceFailed: the answer is another than the file.
        """
        return self.opened(url, ends)

    @contextmanager
    def opened(self, url: str, ends: float) -> Iterator[Reply]:
        """Do what `file` says."""
        # As they are: hashes are of the packed bytes.
        with self.transport.ask(url, {"Accept-Encoding": "identity"}, ends) as reply:
            check_status(reply)
            if reply.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise SourceFailed(Fault.UNREADABLE, "The upstream sends a file in an encoding that was not asked for.")
            yield reply

    def address(self, project: str) -> str:
        """Return where a project's page is."""
        return f"{self.name}{quote(project, safe='')}/"


def check_status(reply: Reply) -> None:
    """Return if the answer holds what was asked for.

    Raises:
        SourceFailed: it does not; none of its reasons says that there is no such project.
    """
    host = urlsplit(reply.url).hostname
    if reply.status == HTTPStatus.OK:
        return
    if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise SourceFailed(
            Fault.REFUSED,
            f"The upstream at {host} refuses this index's credentials ({reply.status}); its operator must mend them.",
        )
    if reply.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        wait = seconds(reply.headers.get("Retry-After", ""))
        raise SourceFailed(Fault.BUSY, f"The upstream at {host} is busy ({reply.status}).", wait=wait)
    raise SourceFailed(Fault.BROKEN, f"The upstream at {host} answers {reply.status}.")


def usable(page: UpstreamPage) -> UpstreamPage:
    """Return a page, unless nothing of what it lists can be taken over: shown, that would look like an empty project.

    Raises:
        SourceFailed: nothing can.
    """
    if page.hidden and not page.files:
        first = page.hidden[0]
        raise unreadable(
            f"none of the files that it lists can be shown; the first, {first.filename[:80]!a}, for {first.why.value}"
        )
    return page


def content_type(reply: Reply) -> str:
    """Return the type of a page.

    Raises:
        SourceFailed: it is no page of a simple index.
    """
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != JSON and kind not in HTML:
        raise SourceFailed(
            Fault.UNREADABLE,
            f"The upstream at {urlsplit(reply.url).hostname} sends {kind[:80]!a}, not a simple index's page.",
        )
    return kind


def seconds(retry_after: str) -> float:
    """Return how long a Retry-After header asks to wait, within bounds; 0 where it does not say."""
    text = retry_after.strip()
    try:
        wait = float(text) if SECONDS.match(text) else parsedate_to_datetime(text).timestamp() - time.time()
    except (TypeError, ValueError):
        return 0.0
    return min(max(wait, 0.0), LONGEST_WAIT)
