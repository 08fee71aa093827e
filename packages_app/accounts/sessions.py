"""Sessions of people: Django's middleware, for pages only; what installers ask goes past it.

A session is a signed cookie that holds who signed in and when, and a hash that the user's password and nonce are part
of. Nothing of it is stored. Django's modules are imported by the first page that a process answers.
"""

import math
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

if TYPE_CHECKING:
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.middleware.csrf import CsrfViewMiddleware

Handler = Callable[[HttpRequest], HttpResponseBase]

FILES = "/packages/"
LINKED = (FILES, "/simple/")
"""Addresses of machines that pages link to: a person's browser may read there."""
MACHINES = ("/simple", FILES, "/legacy", "/upload", "/api", "/pypi/", "/healthz", "/static/", "/_/", "/.well-known/")
"""Where addresses of machines begin; they are told who asks by the Authorization header alone."""
ON = "packages_app.sessions"
ENDS = "ends"
"""What a session holds: the second of its end, since the epoch."""
ADMINISTERS_SECONDS = 4 * 3600
"""How long an administrator stays signed in."""


class Sessions:
    """Gives pages ``request.session`` and ``request.user``, and checks what they are sent for forgery (CSRF)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, with a session if it is for a page."""
        if request.path_info.startswith(MACHINES) and not follows_a_link(request):
            return self.get_response(request)
        request.META[ON] = True
        return secured(request, cast("HttpResponseBase", self.chain(request)))

    @cached_property
    def csrf(self) -> "CsrfViewMiddleware":
        """Django's check; it also hands out the cookie that the next form is checked by."""
        from django.middleware.csrf import CsrfViewMiddleware  # noqa: PLC0415 - the first page needs it, no installer does

        return CsrfViewMiddleware(self.get_response)

    @cached_property
    def chain(self) -> "Handler | SessionMiddleware":
        """Django's middleware around the view."""
        from packages_app.accounts import faces  # noqa: F401, I001, PLC0415 - first: Django finds the user by its name

        from django.contrib.auth.middleware import AuthenticationMiddleware  # noqa: PLC0415 - no installer needs it
        from django.contrib.sessions.middleware import SessionMiddleware  # noqa: PLC0415 - no installer needs it

        signed_in = AuthenticationMiddleware(self.csrf)
        return SessionMiddleware(while_it_lasts(cast("Handler", signed_in)))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse a form that did not come from a page of ours."""
        if ON not in request.META:
            return None
        return self.csrf.process_view(request, view, args, kwargs)


def follows_a_link(request: HttpRequest) -> bool:
    """Return whether a person's browser reads a file or a simple page; installers have no cookie."""
    return (
        request.path_info.startswith(LINKED)
        and request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME in request.COOKIES
        and "Authorization" not in request.headers
    )


def while_it_lasts(handler: Handler) -> Handler:
    """Return the handler behind a look at the session's own end, which no cookie can put off."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if request.session.get(ENDS, math.inf) < time.time():
            request.session.flush()
        return handler(request)

    return answered


def begin(request: HttpRequest, *, administers: bool) -> None:
    """Set when a session ends that begins now: for administrators sooner than `SESSION_COOKIE_AGE` says."""
    if administers:
        request.session[ENDS] = int(time.time()) + ADMINISTERS_SECONDS


def secured(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer with cookies for https only, where the request came by it; at home there is plain http too."""
    if request.is_secure():
        for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
            if name in response.cookies:
                response.cookies[name]["secure"] = True
    return response
