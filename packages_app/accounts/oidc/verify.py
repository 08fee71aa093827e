"""Verifies an ID token (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
from typing import Any

from packages_app.accounts.oidc.entries import Identity, Provider
from packages_app.accounts.oidc.errors import SignInRefused
from packages_app.accounts.oidc.provider import key
from packages_app.conf import OpenIdConnect

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by a private key only: nobody who reads this index's settings could make one."""
LEEWAY = 60
"""Seconds that two clocks may differ."""
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")
LONGEST_SUBJECT = 255
MOST_GROUPS = 1000
REFUSED = "The sign-in could not be verified; begin it again."


def verified(token: str, *, provider: Provider, chosen: OpenIdConnect, nonce: str) -> Identity:
    """Return who an ID token is about.

    Raises:
        SignInRefused: its signature, issuer, audience, time or nonce is not right.
        ProviderFailed: the provider's keys cannot be read.
    """
    claims = claims_of(token, keys=provider.keys, audience=chosen.client_id, issuer=chosen.issuer, required=REQUIRED)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != chosen.client_id:
        raise SignInRefused(REFUSED)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise SignInRefused(REFUSED)
    return identity(claims)


def claims_of(token: str, *, keys: str, audience: str, issuer: str, required: tuple[str, ...]) -> dict[str, Any]:
    """Return what a token says, if one of the keys at an address signed it, it is for us, and its time is now.

    Raises:
        SignInRefused: it is not so.
        ProviderFailed: the keys cannot be read.
    """
    import jwt  # noqa: PLC0415 - only who signs in this way needs it

    try:
        header = jwt.get_unverified_header(token)
        found = key(keys, header.get("kid"))
        if found is None or header.get("alg") not in ALGORITHMS:
            raise SignInRefused(REFUSED)
        claims: dict[str, Any] = jwt.decode(
            token,
            found,
            algorithms=list(ALGORITHMS),
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": list(required)},
        )
    except jwt.exceptions.PyJWTError as error:
        raise SignInRefused(REFUSED) from error
    return claims


def identity(claims: dict[str, Any]) -> Identity:
    """Return what verified claims say of a person.

    Raises:
        SignInRefused: they do not say who it is.
    """
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise SignInRefused(REFUSED)
    groups = claims.get("groups")
    return Identity(
        issuer=str(claims["iss"]),
        subject=subject,
        name=text(claims, "preferred_username") or text(claims, "email").partition("@")[0],
        display_name=text(claims, "name"),
        email=text(claims, "email") if claims.get("email_verified", True) is True else "",
        groups=tuple(str(group) for group in groups[:MOST_GROUPS]) if isinstance(groups, list) else (),
    )


def text(claims: dict[str, Any], name: str) -> str:
    """Return a claim as a text that can be kept; empty where it is none."""
    found = claims.get(name)
    return "".join(each for each in found if each.isprintable())[:254] if isinstance(found, str) else ""
