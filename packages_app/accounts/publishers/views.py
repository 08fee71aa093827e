"""The door of trusted publishing, as upload clients know it from PyPI, and as PEP 807 (draft) describes it."""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from packages_app.accounts.publishers import mint
from packages_app.accounts.publishers.burn import burn
from packages_app.accounts.publishers.errors import InvalidPayload, NotEnabled
from packages_app.accounts.publishers.verify import audience
from packages_app.conf import options
from packages_app.errors import NotAcceptable, WrongMethod
from packages_app.preferences import ranked

JSON = "application/json"
PEP_807 = "application/vnd.pypi.pytp.v1+json"
FEATURE = "multi-use-token"
LONGEST_BODY = 32 * 1024
MOST_DIGITS = 5


class NotTrusted(NotEnabled):
    """Nothing is to be found here, as this index trusts no service."""

    code = "no-such-page"


def asked(request: HttpRequest) -> HttpResponse:
    """Answer whom a pipeline's token must be for.

    Raises:
        NotTrusted: this index trusts no service.
    """
    check_trusting(request, "GET", "HEAD")
    return answer({"audience": audience()})


@csrf_exempt  # a door of machines: it reads what it is sent, never a cookie
def minted(request: HttpRequest) -> HttpResponse:
    """Exchange a pipeline's token for one of this index.

    Raises:
        NotTrusted: this index trusts no service.
        MintRefused: the token is given for nothing; the code says why.
    """
    check_trusting(request, "POST")
    token, text = mint.mint(token_in(request), request.META.get("REMOTE_ADDR", ""))
    ends = int(token.expires.timestamp()) if token.expires else None
    return answer({"success": True, "token": text, "expires": ends, "features": [FEATURE]})


@csrf_exempt  # a door of machines: it reads what it is sent, never a cookie
def burnt(request: HttpRequest) -> HttpResponse:
    """Take back a token of this index that a pipeline was given; uv does so when it is done.

    Raises:
        NotTrusted: this index trusts no service.
        InvalidPayload: there is no token in the request.
    """
    check_trusting(request, "POST")
    burn(token_in(request), request.META.get("REMOTE_ADDR", ""))
    return answer({"success": True}, status=HTTPStatus.ACCEPTED)


def discovered(request: HttpRequest) -> HttpResponse:
    """Answer where tokens for an upload address are exchanged (PEP 807).

    Raises:
        NotTrusted: this index trusts no service, or the address is none that uploads go to.
        NotAcceptable: the caller wants another version.
    """
    check_trusting(request, "GET", "HEAD")
    wanted = [kind for kind, quality in ranked(request.headers.get("Accept", "")) if quality > 0]
    if wanted and not {PEP_807, "application/*", "*/*"} & set(wanted):
        raise NotAcceptable(f"This address answers {PEP_807}: accept that.")
    try:
        path = urlsplit(request.GET.get("discover", "")).path.rstrip("/")
    except ValueError:
        path = None
    if path not in {reverse(name).rstrip("/") for name in ("legacy-upload", "simple-root", "home", "upload-root")}:
        raise NotTrusted("Nothing is uploaded to that address: ask for the one that uploads go to, such as /legacy/.")
    return answer(
        {
            "audience-endpoint": request.build_absolute_uri(reverse("oidc-audience")),
            "token-mint-endpoint": request.build_absolute_uri(reverse("oidc-mint-token")),
            "features": [FEATURE],
            "default-features": [FEATURE],
        },
        PEP_807,
    )


def check_trusting(request: HttpRequest, *allowed: str) -> None:
    """Return if the method is one of these, and there is a service that is trusted.

    Raises:
        WrongMethod: the method is another one.
        NotTrusted: this index trusts no service.
    """
    if request.method not in allowed:
        takes = ", ".join(allowed)
        raise WrongMethod(f"This address of trusted publishing takes only {takes}.", takes)
    if not options().trusted_issuers:
        raise NotTrusted("This index trusts no CI service: send a user name and a password, or an API token.")


def token_in(request: HttpRequest) -> str:
    """Return the token that a request brings.

    Raises:
        InvalidPayload: it brings none.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit() and len(length) <= MOST_DIGITS and int(length) <= LONGEST_BODY):
        raise InvalidPayload(f"Send a JSON object with the field token, at most {LONGEST_BODY // 1024} KB of it.")
    try:
        document: Any = json.loads(request.read(int(length)))
    except (ValueError, RecursionError):
        document = None
    token = document.get("token") if isinstance(document, dict) else None
    if not isinstance(token, str) or not token:
        raise InvalidPayload("Send a JSON object with the field token: what the CI service gave the job.")
    features = document.get("features")
    if features is not None and features != [FEATURE]:
        raise InvalidPayload(f"Tokens of this index can be used several times: the only feature is {FEATURE}.")
    return token


def answer(document: dict[str, Any], kind: str = JSON, status: int = HTTPStatus.OK) -> HttpResponse:
    """Return a document that nobody keeps."""
    return HttpResponse(json.dumps(document), content_type=kind, status=status, headers={"Cache-Control": "no-store"})
