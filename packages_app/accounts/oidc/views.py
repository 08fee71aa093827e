"""The two addresses of a sign-in by the provider: off to it, and back."""

import time

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from packages_app.accounts.answers import check_method, safe, signed_in
from packages_app.accounts.faces import User
from packages_app.accounts.oidc.errors import SignInRefused
from packages_app.accounts.oidc.flow import SECONDS, begin, finish
from packages_app.accounts.oidc.sign_in import SOURCE, user_of
from packages_app.accounts.sign_in import came
from packages_app.conf import OpenIdConnect, options
from packages_app.errors import PackagesError

KEPT = "oidc"
BACKEND = "packages_app.accounts.backend.Accounts"


class NoProvider(PackagesError):
    """This index knows no provider to sign in with."""

    code = "no-such-page"


def start(request: HttpRequest) -> HttpResponse:
    """Send a person to the provider."""
    check_method(request, "GET", "HEAD")
    url, state = begin(configured(), callback(request))
    request.session[KEPT] = {"state": state, "next": request.GET.get("next", "")[:2000], "at": int(time.time())}
    return HttpResponseRedirect(url, headers={"Cache-Control": "no-store"})


def back(request: HttpRequest) -> HttpResponse:
    """Sign in a person who comes back from the provider, and send them to where they wanted to go.

    Raises:
        SignInRefused: they did not begin here, or the provider signed nobody in.
    """
    check_method(request, "GET")
    chosen, kept = configured(), request.session.pop(KEPT, None) or {}
    if "error" in request.GET:
        raise SignInRefused("The service that you sign in with signed nobody in; begin again, or ask its operator.")
    if time.time() - kept.get("at", 0) > SECONDS:
        kept = {}
    found = finish(
        chosen,
        callback(request),
        code=request.GET.get("code", ""),
        state=request.GET.get("state", ""),
        kept=kept.get("state", ""),
    )
    address = request.META.get("REMOTE_ADDR", "")
    user = user_of(found, chosen, address)
    came(user.name, address, source=SOURCE)
    signed_in(request, User.of(user), BACKEND)
    return HttpResponseRedirect(safe(request, kept.get("next", "")), headers={"Cache-Control": "no-store"})


def callback(request: HttpRequest) -> str:
    """Return the address that the provider sends people back to; the provider must have been told of it."""
    return request.build_absolute_uri(reverse("oidc-back"))


def configured() -> OpenIdConnect:
    """Return the provider's settings.

    Raises:
        NoProvider: there are none.
    """
    chosen = options().oidc
    if chosen is None:
        raise NoProvider("There is nothing at this address.")
    return chosen
