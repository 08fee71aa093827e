"""Cuts connections that take too long, and refuses addresses that a stranger must not send this server to.

A socket's timeout bounds each wait, not their sum: a server that sends one byte every few seconds would hold a request
for ever. So a timer shuts the socket down when the time is over.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from packages_app.upstream.errors import Fault, SourceFailed


class Watch(threading.local):
    """The socket that this thread is waiting for, and whether its time is over."""

    exchange: "Exchange | None" = None


class Exchange:
    """One question and its answer, under one deadline."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.over = False

    def check(self) -> None:
        """Return if the connection was not cut: what ends by that looks as if the other side had said all.

        Raises:
            TimeoutError: it was.
        """
        if self.over:
            raise TimeoutError

    def cut(self) -> None:
        """End the connection: whoever reads from it is told so at once."""
        self.over = True
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


watch = Watch()


@contextmanager
def watched(ends: float) -> Iterator[Exchange]:
    """Cut what this thread asks meanwhile when the time is over."""
    exchange = Exchange()
    timer = threading.Timer(max(ends - time.monotonic(), 0), exchange.cut)
    timer.daemon = True
    outer, watch.exchange = watch.exchange, exchange
    timer.start()
    try:
        yield exchange
    finally:
        timer.cancel()
        watch.exchange = outer


class Watched(HTTPConnection):
    """A connection that can be cut."""

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        if watch.exchange is not None:
            watch.exchange.socket = made  # from here on, so that a handshake can be cut as well
        return made

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin a request; the connection may have been open before."""
        super().putrequest(method, url, skip_host, skip_accept_encoding)
        if watch.exchange is not None and self.sock is not None:
            watch.exchange.socket = self.sock


class Public(Watched):
    """A connection that leads to public addresses only, whatever a name says when it is asked for."""

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        if not is_public(str(made.getpeername()[0])):
            made.close()
            raise SourceFailed(
                Fault.REDIRECT,
                f"The upstream leads to {self.host}, which has a private address; "
                "its operator can allow the host with PYPI_UPSTREAM_HOSTS.",
            )
        return made


class WatchedTls(Watched, HTTPSConnection):
    """The same with TLS."""


class PublicTls(Public, HTTPSConnection):
    """The same with TLS."""


class WatchedPool(HTTPConnectionPool):
    """Connections that can be cut."""

    ConnectionCls = Watched


class WatchedTlsPool(HTTPSConnectionPool):
    """Connections that can be cut."""

    ConnectionCls = WatchedTls


class PublicPool(HTTPConnectionPool):
    """Connections to public addresses."""

    ConnectionCls = Public


class PublicTlsPool(HTTPSConnectionPool):
    """Connections to public addresses."""

    ConnectionCls = PublicTls


def is_public(address: str) -> bool:
    """Return whether an address belongs to the public internet."""
    parsed = ipaddress.ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_global
