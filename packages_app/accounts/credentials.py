"""Reads an ``Authorization`` header and says who sends it (RFC 7617, RFC 6750)."""

import base64
import binascii
import hashlib
import hmac
import unicodedata
from functools import lru_cache

from packages_app.accounts import throttle
from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import BadCredentials
from packages_app.accounts.tokens.accept import accept
from packages_app.accounts.tokens.text import PREFIX
from packages_app.conf import options

WRONG = (
    "The user name or password is wrong. Machines send an API token as the password of the user __token__, or the "
    "password of a user whom the operator configured; an account's own password works in the sign-in form only."
)
LONGEST = 4096
"""Characters of a header that are looked at; no password we hand out comes near."""
TOKEN_USER = "__token__"  # noqa: S105 - a name that clients know, no secret
MALFORMED = "The Authorization header is malformed: Basic takes base64 of user:password."


def identify(authorization: str | None, address: str = "") -> Principal:
    """Return who sends a header from a network address; somebody anonymous when there is no header.

    Passwords of accounts are not taken: to check one costs a tenth of a second on purpose, and installers send their
    credentials with every request.

    Raises:
        BadCredentials: the header is malformed, of another scheme, or what it holds is wrong.
        Forbidden: it holds a token that may not be used from this address.
        TooManyAttempts: too many were wrong that came from this address, or for this account.
    """
    if not authorization:
        return Principal(name="", address=address)
    try:
        return by_header(authorization, address)
    except BadCredentials as error:
        throttle.credentials_failed(address, error.account)
        raise


def by_header(authorization: str, address: str) -> Principal:
    """Return who sends a header.

    Raises:
        BadCredentials: the header is malformed, of another scheme, or what it holds is wrong.
        Forbidden: it holds a token that may not be used from this address.
        TooManyAttempts: it holds a password, and too many were wrong.
    """
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() not in {"basic", "bearer"} or len(given) > LONGEST:
        raise BadCredentials("Sign in with Basic authentication, or with an API token as Bearer.")
    if scheme.lower() == "bearer":
        return accept(given.strip(), address)
    return by_pairs(pairs(given.strip()), address)


def pairs(encoded: str) -> list[tuple[str, str]]:
    """Return the user names and passwords that Basic credentials can be read as.

    Raises:
        BadCredentials: they are malformed.
    """
    try:
        pair = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise BadCredentials(MALFORMED) from None
    # RFC 7617 leaves the encoding open: requests (pip, twine) sends Latin-1, uv and curl send UTF-8.
    readings = (pair.decode(encoding, "replace").partition(":") for encoding in ("utf-8", "latin-1"))
    return [(user, password) for user, colon, password in readings if colon]


def by_pairs(given: list[tuple[str, str]], address: str) -> Principal:
    """Return whom a pair of user name and password belongs to.

    Raises:
        BadCredentials: to nobody.
        Forbidden: it holds a token that may not be used from this address.
        TooManyAttempts: it holds a password, and too many were wrong.
    """
    for user, password in given:
        if password.startswith(PREFIX):
            who = accept(password, address)
            # Some clients only take a real user's name; it must then be the token's owner.
            if user in {TOKEN_USER, who.name}:
                return who
            raise BadCredentials(WRONG)
    tried = account_name(given[0][0]) if given else ""
    throttle.password_allowed(tried, address)
    found = ""
    for user, password in given:
        found = owner(user, password, options().users) or found
    if not found:
        raise BadCredentials(WRONG, tried)
    throttle.password_proven(tried, address)
    return Principal(name=found, address=address)


def account_name(typed: str) -> str:
    """Return the name of an account as it is kept, and its failures are counted, however somebody types it."""
    return unicodedata.normalize("NFC", typed).strip().lower()


def owner(given: str, password: str, users: dict[str, str]) -> str:
    """Return the configured user with this name and password, or nothing, in a time that tells nothing of either."""
    offered = (digest(given), digest(password))
    found = ""
    for user, expected in digests(tuple(users.items())):
        # Both comparisons always run, and so does the rest of the loop.
        right_user = hmac.compare_digest(offered[0], expected[0])
        right_password = hmac.compare_digest(offered[1], expected[1])
        if right_user & right_password:
            found = user
    return found


def digest(text: str) -> bytes:
    """Return a digest of one length for texts of any length; one text in two Unicode forms is the same text."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).digest()


@lru_cache(maxsize=8)
def digests(users: tuple[tuple[str, str], ...]) -> tuple[tuple[str, tuple[bytes, bytes]], ...]:
    """Return each configured user with the digests of name and password, computed once a process."""
    return tuple((user, (digest(user), digest(password))) for user, password in users)
