"""Turns a request into a principal, and guards views: for installers, and for people who look at pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from packages_app.accounts import throttle
from packages_app.accounts.credentials import identify
from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import BadCredentials, Forbidden, NotSignedIn
from packages_app.accounts.permissions import Action, demand
from packages_app.errors import PackagesError, WrongMethod
from packages_app.preferences import prefers

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]

KEPT = "packages_app.principal"
READING = frozenset({"GET", "HEAD"})


def principal(request: HttpRequest) -> Principal:
    """Return who sent the request; found out once, however often a view asks.

    Raises:
        BadCredentials: credentials were sent and are wrong; a public index does not overlook them either, or a client
            would never learn that its password is out of date.
        Forbidden: they may not be used from where the request comes, or another site had a browser send it.
    """
    found = request.META.get(KEPT)
    if not isinstance(found, Principal):
        if request.method not in READING and is_from_another_site(request):
            raise Forbidden("A page of another site had this sent; changes are made by clients, or from pages of ours.")
        found = identify(request.headers.get("Authorization"), request.META.get("REMOTE_ADDR", ""))
        request.META[KEPT] = found
    return found


def is_from_another_site(request: HttpRequest) -> bool:
    """Return whether a page of another site had a browser send the request.

    Browsers add a name and password that were typed once to whatever any site has them send. They say from where it
    comes; other clients say nothing of this kind.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in {"same-origin", "none"}
    return origin is not None and origin.partition("://")[2].lower() != request.get_host().lower()


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


def uploads(
    view: Callable[Concatenate[HttpRequest, Arguments], Answer],
) -> Callable[Concatenate[HttpRequest, Arguments], Answer]:
    """Let uploads be taken, unless too many with the same credentials or from the same address were refused lately.

    Raises:
        TooManyAttempts: they were.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        who = principal(request)
        if not who.signed_in:
            return view(request, *args, **kwargs)
        # By the token, where there is one: somebody who found it does not hold up the others of its owner.
        credentials = who.token or who.name
        throttle.upload_allowed(credentials, who.address)
        try:
            return view(request, *args, **kwargs)
        except PackagesError as error:
            # What says when to come back, and a wrong method, is no upload that was refused.
            if not hasattr(error, "retry_after") and not isinstance(error, WrongMethod):
                throttle.upload_refused(credentials, who.address)
            raise

    return guarded


def visitor(request: HttpRequest) -> Principal:
    """Return who looks at a page: who signed in with the browser, or whose credentials the request brings.

    Raises:
        BadCredentials: credentials were sent and are wrong.
        Forbidden: they may not be used from where the request comes.
    """
    user = getattr(request, "user", None)
    if "Authorization" in request.headers or user is None or not user.is_authenticated:
        return principal(request)
    return Principal(name=user.get_username(), address=request.META.get("REMOTE_ADDR", ""))


def reads_or_visits(view: View[Arguments]) -> View[Arguments]:
    """Let installers read, and also a person who follows a link from a page: simple pages and files.

    Raises:
        NotSignedIn: the caller is anonymous and the index is not open for reading.
        Forbidden: the caller came with a token that is not for reading.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        demand(visitor(request), Action.READ)
        return view(request, *args, **kwargs)

    return guarded


def pages(view: View[Arguments]) -> View[Arguments]:
    """Let a page be seen by who may read in the index; a browser of somebody unknown is sent to where they sign in.

    Raises:
        NotSignedIn: the caller is anonymous and no browser, and the index is not open for reading.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        try:
            demand(visitor(request), Action.READ)
            return view(request, *args, **kwargs)
        except BadCredentials:
            raise
        except NotSignedIn:
            if not prefers(request.headers.get("Accept", ""), "text/html"):
                raise
            return to_sign_in(request)

    return guarded


def own_page(view: View[Arguments]) -> View[Arguments]:
    """Let a page be seen by who is signed in with a browser only; a token must not make others or see them."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated or "Authorization" in request.headers:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Return what sends a person to sign in, and then back to what they read."""
    query = ""
    if request.method in {"GET", "HEAD"}:
        query = "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(reverse("sign-in") + query, headers={"Cache-Control": "no-store"})
