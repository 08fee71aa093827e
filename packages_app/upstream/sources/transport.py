"""Asks over HTTP: bounded in time, size and redirects, and with credentials only for whom they are meant."""

import base64
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import unquote, urljoin, urlsplit

from urllib3 import PoolManager, Timeout
from urllib3 import exceptions as raised
from urllib3.response import BaseHTTPResponse

from packages_app.conf import Upstream
from packages_app.upstream.errors import Fault, SourceFailed
from packages_app.upstream.sources.reply import CHUNK, Reply, told
from packages_app.upstream.sources.watch import (
    Exchange,
    PublicPool,
    PublicTlsPool,
    WatchedPool,
    WatchedTlsPool,
    watched,
)

MOST_REDIRECTS = 5
CONNECT_SECONDS = 5.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
REFUSALS = 300
NOT_MODIFIED = 304
AGENT = "elastic-pypi"


class Transport:
    """Connections to one upstream, and to where its pages and redirects lead."""

    def __init__(self, url: str, chosen: Upstream, *, exact: bool = False) -> None:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
        path = f"{parts.path}{f'?{parts.query}' if parts.query else ''}" if exact else f"{parts.path.rstrip('/')}/"
        self.base = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{path}"
        self.home = origin(self.base)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not user and not exact:
            user, password = chosen.username, chosen.password  # of the index, not of another thing at another address
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.credentials = {"Authorization": f"Basic {pair}"} if user or password else {}
        own_hosts = {str(urlsplit(each).hostname) for each in (url, *chosen.urls)}
        self.trusted_hosts = own_hosts | {each.lower() for each in chosen.hosts}
        given = {"ca_certs": str(chosen.ca_file)} if chosen.ca_file else {}
        self.trusted = PoolManager(num_pools=8, maxsize=8, **given)  # type: ignore[arg-type] # passed on by name
        self.trusted.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedTlsPool}
        self.public = PoolManager(num_pools=8, maxsize=8, **given)  # type: ignore[arg-type] # passed on by name
        self.public.pool_classes_by_scheme = {"http": PublicPool, "https": PublicTlsPool}

    @contextmanager
    def ask(self, url: str | None, headers: Mapping[str, str], ends: float) -> Iterator[Reply]:
        """Give the answer to a GET, after redirects, whatever its status is; without an address, of the base.

        Raises:
            SourceFailed: there was none, not in time, or it led in circles or to where it must not.
        """
        url = url or self.base
        with watched(ends) as exchange:
            for _ in range(MOST_REDIRECTS + 1):
                with self.noted(url):
                    response = self.once(url, headers, ends, exchange)
                    try:
                        if response.status not in REDIRECTS or "Location" not in response.headers:
                            yield Reply(response, url, exchange)
                            return
                        url = redirected(url, response.headers["Location"])
                    finally:
                        finish(response)
        raise SourceFailed(Fault.REDIRECT, "The upstream redirects in circles.")

    @contextmanager
    def noted(self, url: str) -> Iterator[None]:
        """Note with what goes wrong whether it was at another place than the upstream's own."""
        try:
            yield
        except SourceFailed as error:
            error.elsewhere = origin(url) != self.home
            raise

    def once(self, url: str, headers: Mapping[str, str], ends: float, exchange: Exchange) -> BaseHTTPResponse:
        """Return the answer of one address."""
        own = self.credentials if origin(url) == self.home else {}
        pools = self.trusted if urlsplit(url).hostname in self.trusted_hosts else self.public
        for attempt in range(2):
            left = max(ends - time.monotonic(), 0.001)
            with told(exchange, url):
                try:
                    response = pools.request(
                        "GET",
                        url,
                        headers={"User-Agent": AGENT, **headers, **own},
                        timeout=Timeout(connect=min(CONNECT_SECONDS, left), read=left),
                        redirect=False,
                        retries=False,
                        preload_content=False,
                        decode_content=False,
                    )
                    if exchange.over:
                        response.close()
                    exchange.check()
                except raised.ProtocolError:
                    # A connection that lay idle may have been closed just now; a second failure is one.
                    if attempt or exchange.over:
                        raise
                else:
                    return response
        raise AssertionError  # pragma: no cover - the second attempt returned or raised


def finish(response: BaseHTTPResponse) -> None:
    """Let the connection be used again where the body was read, or what nobody read of it is small; else close it."""
    if response.status == NOT_MODIFIED or (
        response.status >= REFUSALS and 0 <= (response.length_remaining or 0) < CHUNK
    ):
        response.drain_conn()
    response.close()
    response.release_conn()


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Return what credentials are bound to: scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def redirected(url: str, location: str) -> str:
    """Return where a redirect leads.

    Raises:
        SourceFailed: to another scheme, from TLS to none, or to nowhere.
    """
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        fine = bool(parts.hostname) and parts.port != 0 and not parts.username
    except ValueError:
        fine = False
    allowed = {"https"} if urlsplit(url).scheme == "https" else {"http", "https"}
    if not fine or parts.scheme not in allowed:
        raise SourceFailed(Fault.REDIRECT, "The upstream redirects to an address that is not followed.")
    return target
