"""Reads an ``Authorization`` header and says whose it is (RFC 7617)."""

import base64
import binascii
import hashlib
import hmac
import unicodedata
from functools import lru_cache

from packages_app.accounts.errors import BadCredentials
from packages_app.conf import options

WRONG = "The user name or password is wrong."
LONGEST = 4096
"""Characters of a header that are looked at; no password we hand out comes near."""


def identify(authorization: str | None) -> str:
    """Return the user that the header's credentials belong to; empty when there is no header.

    Raises:
        BadCredentials: the header is malformed, of another scheme, or its user or password is wrong.
    """
    if not authorization:
        return ""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic" or len(encoded) > LONGEST:
        raise BadCredentials("Sign in with Basic authentication: a user name and a password.")
    try:
        pair = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadCredentials("The Authorization header is malformed: Basic takes base64 of user:password.") from None
    found = ""
    # RFC 7617 leaves the encoding open: requests (pip, twine) sends Latin-1, uv and curl send UTF-8.
    for encoding in ("utf-8", "latin-1"):
        given, colon, password = pair.decode(encoding, "replace").partition(":")
        if colon:
            found = owner(given, password, options().users) or found
    if not found:
        raise BadCredentials(WRONG)
    return found


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
