"""What the provider says of itself, and the keys it signs with, as each process keeps them for an hour."""

import time
from typing import TYPE_CHECKING, Any

from django.core.signals import setting_changed

from packages_app.accounts.oidc.entries import Provider
from packages_app.accounts.oidc.errors import ProviderFailed
from packages_app.accounts.oidc.transport import LATER, check_address, published

if TYPE_CHECKING:
    from jwt import PyJWK

KEPT = 3600.0
BETWEEN = 60.0
"""Seconds between two looks for keys that are not there: a forged token must not make this index ask over and over."""

# No lock: threads that look at once ask at once, and none waits for the answer to another.
described: dict[str, tuple[float, Provider]] = {}
keys: dict[str, tuple[float, dict[str, "PyJWK"]]] = {}


def provider(issuer: str) -> Provider:
    """Return the description of the provider behind an issuer, whom people can be sent to.

    Raises:
        ProviderFailed: it does not answer, or describes another issuer or no such place.
    """
    found = describes_itself(issuer)
    if not (found.authorization and found.token):
        described.pop(issuer, None)  # somebody may be mending it
        raise ProviderFailed(LATER) from ValueError(f"{issuer} names no place to sign in at")
    return found


def keys_of(issuer: str) -> str:
    """Return the address of the keys that an issuer signs with; a CI service has nothing more.

    Raises:
        ProviderFailed: it does not answer, or describes another issuer.
    """
    return describes_itself(issuer).keys


def describes_itself(issuer: str) -> Provider:
    """Return what an issuer says of itself.

    Raises:
        ProviderFailed: it does not answer, or describes another issuer.
    """
    found = described.get(issuer)
    if found is not None and time.monotonic() - found[0] < KEPT:
        return found[1]
    made = described_by(published(f"{issuer.rstrip('/')}/.well-known/openid-configuration"), issuer)
    described[issuer] = (time.monotonic(), made)
    return made


def described_by(document: dict[str, Any], issuer: str) -> Provider:
    """Return what an issuer's document says.

    Raises:
        ProviderFailed: it is of another issuer, or an endpoint is missing or not https.
    """
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    endpoints = [found if isinstance(found := document.get(name), str) else "" for name in names]
    # OpenID Connect Discovery, 4.3: the issuer in the document must be the very one that was asked for.
    if document.get("issuer") != issuer or not endpoints[2]:
        raise ProviderFailed(LATER) from ValueError(f"the provider's document is not that of {issuer}")
    for endpoint in filter(None, endpoints):
        check_address(endpoint)
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Provider(
        authorization=endpoints[0],
        token=endpoints[1],
        keys=endpoints[2],
        secret_in_body="client_secret_post" in methods and "client_secret_basic" not in methods,
    )


def key(url: str, id_: str | None) -> "PyJWK | None":
    """Return a key by its id, or the only one where tokens name none; looked up anew when it is not there."""
    at, found = keys.get(url, (-KEPT, {}))
    age = time.monotonic() - at
    if age >= KEPT or (chosen(found, id_) is None and age >= BETWEEN):
        found = read_keys(published(url))
        keys[url] = (time.monotonic(), found)
    return chosen(found, id_)


def chosen(found: dict[str, "PyJWK"], id_: str | None) -> "PyJWK | None":
    """Return the key that a token means."""
    if id_ is None:
        return next(iter(found.values())) if len(found) == 1 else None
    return found.get(id_)


def read_keys(document: dict[str, Any]) -> dict[str, "PyJWK"]:
    """Return the keys of a key set that are for signatures and of a kind that is known here."""
    from jwt import PyJWK  # noqa: PLC0415 - only who signs in this way needs it
    from jwt.exceptions import PyJWTError  # noqa: PLC0415 - only who signs in this way needs it

    found: dict[str, PyJWK] = {}
    given = document.get("keys")
    for each in given if isinstance(given, list) else []:
        if not isinstance(each, dict) or each.get("use", "sig") != "sig" or each.get("kty") == "oct":
            continue  # a shared secret in a public document signs nothing
        try:
            found[str(each.get("kid", ""))] = PyJWK.from_dict(each)
        except (PyJWTError, NotImplementedError, TypeError, ValueError):
            continue  # a kind of key from another time, or none: the others are no worse for it
    return found


def forget(*, setting: str, **_: object) -> None:
    """Begin anew with other options."""
    if setting == "PACKAGES_APP":
        described.clear()
        keys.clear()


setting_changed.connect(forget)
