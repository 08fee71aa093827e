"""What account pages have in common: their methods, whether they are kept, where they lead, how a session begins."""

from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from packages_app.accounts.faces import User
from packages_app.accounts.sessions import begin
from packages_app.errors import WrongMethod


def signed_in(request: HttpRequest, user: AbstractBaseUser, backend: str | None = None) -> None:
    """Begin a session."""
    auth.login(request, user, backend)
    begin(request, administers=isinstance(user, User) and user.is_staff)


def safe(request: HttpRequest, target: str) -> str:
    """Return where somebody wanted to go, if that is a page of this index; otherwise home."""
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed and target.startswith("/") else reverse("home")


def private(response: HttpResponse) -> HttpResponse:
    """Return a page that no browser keeps: it is one person's, and may hold a token."""
    response["Cache-Control"] = "no-store"
    return response


def check_method(request: HttpRequest, *allowed: str) -> None:
    """Return if the request's method is one of these.

    Raises:
        WrongMethod: it is not.
    """
    if request.method not in allowed:
        takes = ", ".join(allowed)
        raise WrongMethod(f"This address takes only {takes}, as its form sends it.", takes)
