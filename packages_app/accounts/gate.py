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

KEPT = "packages_app.principal"


def principal(request: HttpRequest) -> Principal:
    """Return who sent the request; found out once, however often a view asks.

    Raises:
        BadCredentials: credentials were sent and are wrong; a public index does not overlook them either, or a client
            would never learn that its password is out of date.
        Forbidden: they may not be used from where the request comes.
    """
    found = request.META.get(KEPT)
    if not isinstance(found, Principal):
        found = identify(request.headers.get("Authorization"), request.META.get("REMOTE_ADDR", ""))
        request.META[KEPT] = found
    return found


def reads(view: View[Arguments]) -> View[Arguments]:
    """Let a view run only for callers who may read in the index; it asks about the project by itself.

    Raises:
        NotSignedIn: the caller is anonymous and the index is not open for reading.
        Forbidden: the caller came with a token that is not for reading.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        demand(principal(request), Action.READ)
        return view(request, *args, **kwargs)

    return guarded
