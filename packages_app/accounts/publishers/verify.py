"""Verifies what a pipeline shows: a token that a trusted service signed, for this index, and still good."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from django.utils.crypto import salted_hmac

from packages_app.accounts.oidc.errors import SignInRefused
from packages_app.accounts.oidc.provider import keys_of
from packages_app.accounts.oidc.verify import claims_of
from packages_app.accounts.publishers.errors import InvalidToken, NotEnabled
from packages_app.accounts.publishers.kinds.base import Claims, text
from packages_app.conf import options

REQUIRED = ("iss", "sub", "aud", "exp", "iat")
LONGEST = 16 * 1024
"""Characters of a token."""
LONGEST_LIFE = 24 * 3600
"""Seconds; a token that was exchanged is remembered until its end, and none lives for ever."""


def audience() -> str:
    """Return whom tokens for this index are for: a name that no other index has, so that none can be used here."""
    return options().trusted_audience or f"elastic-pypi-{salted_hmac(__name__, options().index).hexdigest()[:16]}"


def verified(token: str) -> tuple[str, Claims]:
    """Return the kind of service that signed a token, and what the token says.

    Raises:
        NotEnabled: this index trusts no service.
        InvalidToken: no trusted service signed it, it is for somebody else, or its time is over.
        ProviderFailed: the service's keys cannot be read.
    """
    kinds = {issuer: name for name, issuer in options().trusted_issuers}
    if not kinds:
        raise NotEnabled("This index trusts no CI service; its operator can name some with PYPI_TRUSTED_ISSUERS.")
    issuer = text(unverified(token), "iss")
    if issuer not in kinds:
        raise InvalidToken(
            f"This index does not trust the issuer of this token, {issuer[:200]!a}; its operator can name it in "
            "PYPI_TRUSTED_ISSUERS."
        )
    try:
        claims = claims_of(token, keys=keys_of(issuer), audience=audience(), issuer=issuer, required=REQUIRED)
    except SignInRefused as error:
        raise InvalidToken(
            f"This token is not valid here: it must be signed by {issuer}, for the audience {audience()}, and not old."
        ) from error
    if claims["aud"] not in (audience(), [audience()]):
        raise InvalidToken(f"This token is for others too; have the service make one for {audience()} alone.")
    if int(claims["exp"]) - int(claims["iat"]) > LONGEST_LIFE:
        raise InvalidToken("This token lives for more than a day; this index takes only such as are made for one job.")
    return kinds[issuer], claims


def unverified(token: str) -> dict[str, Any]:
    """Return what a token says, whoever wrote it: only to see whose keys to try.

    Raises:
        InvalidToken: it is none.
    """
    _, _, behind = token[:LONGEST].partition(".")
    payload, _, _ = behind.partition(".")
    try:
        token.encode("ascii")
        found = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        found = None
    if len(token) > LONGEST or not isinstance(found, dict):
        raise InvalidToken(
            "What was sent is no token of OpenID Connect, three parts with points between them: send what the CI "
            "service gave the job."
        )
    return found
