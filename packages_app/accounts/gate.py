"""Turns a request into a principal, and guards the views that installers read."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

from packages_app.accounts.credentials import identify
from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


def principal(request: HttpRequest) -> Principal:
    """Return who sent the request.

    Raises:
        BadCredentials: credentials were sent and are wrong; a public index does not overlook them either, or a client
            would never learn that its password is out of date.
    """
    name = identify(request.headers.get("Authorization"))
    return Principal(name=name, address=request.META.get("REMOTE_ADDR", ""))


def reads(view: View[Arguments]) -> View[Arguments]:
    """Let a view run only for callers who may read the index.

    Raises:
        NotSignedIn: the caller is anonymous and the index is not open for reading.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        demand(principal(request), Action.READ)
        return view(request, *args, **kwargs)

    return guarded
