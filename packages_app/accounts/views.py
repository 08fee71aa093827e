"""Account pages: signing in and out, another password, and a person's own tokens."""

from http import HTTPStatus

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from packages_app.accounts import administer, read
from packages_app.accounts.answers import check_method, private, safe, signed_in
from packages_app.accounts.errors import BadAccount, BadPattern
from packages_app.accounts.forms import PasswordForm, SignInForm, TokenForm
from packages_app.accounts.gate import own_page, visitor
from packages_app.accounts.sign_in import came, went, with_password
from packages_app.accounts.tokens import issue
from packages_app.accounts.tokens.entries import Token
from packages_app.conf import options
from packages_app.page import page

SOURCE = "browser"
CHANGED = "changed"
"""What the address of the password's page ends in, where it tells that the password is another now."""
WRONG = "The user name or the password is wrong, or the account is disabled."


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or sign somebody in who sends it and send them to where they wanted to go."""
    check_method(request, "GET", "HEAD", "POST")
    target = request.POST.get("next") or request.GET.get("next") or ""
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        user = auth.authenticate(request, **form.cleaned_data)
        if user is not None:
            came(user.get_username(), visitor(request).address, source=SOURCE)
            signed_in(request, user)
            return HttpResponseRedirect(safe(request, target))
        form.add_error(None, WRONG)
        status = HTTPStatus.FORBIDDEN  # no 401: a browser would ask for Basic credentials over the page
    return private(
        page(
            request,
            "account/sign_in.html",
            {"form": form, "next": target, "provider": options().oidc is not None},
            status=status,
        )
    )


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign a person out, here and wherever else they are signed in with a browser."""
    check_method(request, "POST")
    if request.user.is_authenticated:
        went(request.user.get_username(), visitor(request).address, source=SOURCE)
    auth.logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


@own_page
def account(request: HttpRequest) -> HttpResponse:
    """Show a person who they are here: their groups, their roles and their tokens."""
    check_method(request, "GET", "HEAD", "POST")
    who = visitor(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    made: tuple[Token, str] | None = None
    if form.is_valid():
        try:
            made = issue.issue(
                who,
                description=form.cleaned_data["description"],
                actions=form.chosen_actions,
                patterns=tuple(form.cleaned_data["patterns"].split()),
                networks=tuple(form.cleaned_data["networks"].split()),
                expires=form.expires,
                source=SOURCE,
            )
        except (BadAccount, BadPattern) as error:
            form.add_error(None, str(error))
        else:
            form = TokenForm()
    listed = issue.of_owner(who, who.name, request.GET.get("after", ""))
    user = read.user(who.name)
    context = {
        "user": user,
        "grants": read.grants_for(who.name, user.groups if user else ()),
        "most": read.MOST_GRANTS,
        "form": form,
        "tokens": listed.tokens,
        "next": listed.next,
        "made": made[0] if made else None,
        "text": made[1] if made else "",
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return private(page(request, "account/account.html", context, status=status))


@own_page
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Revoke a token of a person, who is an administrator where it is somebody else's.

    Raises:
        NoSuchAccount: there is none that they may know of.
    """
    check_method(request, "POST")
    issue.revoke(visitor(request), token, source=SOURCE)
    return HttpResponseRedirect(reverse("account"))


@own_page
def password(request: HttpRequest) -> HttpResponse:
    """Give a person another password; they stay signed in here, and nowhere else."""
    check_method(request, "GET", "HEAD", "POST")
    who = visitor(request)
    user = read.user(who.name)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if user is not None and form.is_valid():
        if with_password(user.name, form.cleaned_data["current"], who.address) is None:
            form.add_error("current", "This is not your password.")
        else:
            try:
                administer.set_password(user, form.cleaned_data["new"], who, source=SOURCE)
            except BadAccount as error:
                form.add_error(None, str(error))
            else:
                renewed = auth.authenticate(request, username=user.name, password=form.cleaned_data["new"])
                if renewed is not None:
                    signed_in(request, renewed)
                return HttpResponseRedirect(f"{reverse('account-password')}?{CHANGED}")
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    context = {"form": form, "user": user, "changed": CHANGED in request.GET and not form.is_bound}
    return private(page(request, "account/password.html", context, status=status))
