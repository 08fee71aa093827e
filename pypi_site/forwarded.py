"""Believes what proxies say of a request only where they are configured: scheme, host, and who asks.

Behind Zappa a request comes with the event that Lambda was given. There the gateway itself tells who asks, and every
address is https; the headers that the caller may have sent along count for nothing.
"""

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

SAID = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SSL",
)
SCHEMES = frozenset({"http", "https"})
UNIX = "unix"
"""How a peer without an address is named: one at a socket in this machine's file system."""


class Forwarded:
    """A WSGI application in front of another one."""

    def __init__(self, application: Application, proxies: Sequence[str]) -> None:
        self.application = application
        self.socket_counts = UNIX in proxies
        self.networks = [ipaddress.ip_network(each, strict=False) for each in proxies if each != UNIX]

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI names no type
        """Correct the request, and hand it on."""
        if source := source_of(environ.get("lambda.event")):
            environ["REMOTE_ADDR"] = source
        if self.trusts(environ.get("REMOTE_ADDR", "")):
            self.believe(environ)
        for name in SAID:
            environ.pop(name, None)
        return self.application(environ, start_response)

    def trusts(self, address: str) -> bool:
        """Return whether an address is a configured proxy's."""
        if not address:
            return self.socket_counts
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(found in network for network in self.networks)

    def believe(self, environ: Environ) -> None:
        """Take over what the proxy says; of several values the last one is what it added itself."""
        scheme = last(environ, "HTTP_X_FORWARDED_PROTO").lower()
        if scheme in SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        if host := last(environ, "HTTP_X_FORWARDED_HOST"):
            environ["HTTP_HOST"] = host
        hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        for hop in reversed(hops):
            environ["REMOTE_ADDR"] = hop
            if not self.trusts(hop):  # whatever stands before it, that one could have made up
                break


def last(environ: Environ, name: str) -> str:
    """Return the last of a header's values."""
    return str(environ.get(name, "")).rpartition(",")[2].strip()


def source_of(event: Any) -> str:  # noqa: ANN401 - the event is Lambda's JSON
    """Return who asked the gateway or function URL, as its event tells; empty for any other server.

    Zappa takes an address from the headers, in which a caller can write what it likes.
    """
    context = event.get("requestContext") if isinstance(event, dict) else None
    if not isinstance(context, dict):
        return ""
    part = context.get("identity") or context.get("http")
    return str(part.get("sourceIp") or "") if isinstance(part, dict) else ""
