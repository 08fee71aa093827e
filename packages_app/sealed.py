"""Seals texts that callers carry and hand back: nobody else can read what is in them, or make one."""

import base64

from django.utils.crypto import salted_hmac

SALT = "packages_app.sealed"


class Broken(ValueError):
    """This was never sealed here, or is damaged."""


def seal(text: str) -> str:
    """Return a text that only this index reads, of characters that addresses take as they are."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - only who pages through a list needs it

    return Fernet(key()).encrypt(text.encode()).decode().rstrip("=")


def unseal(sealed: str) -> str:
    """Return the text that was sealed.

    Raises:
        Broken: this is none that was.
    """
    from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415 - only who pages through a list needs it

    try:
        return Fernet(key()).decrypt(sealed + "=" * (-len(sealed) % 4)).decode()
    except (InvalidToken, ValueError) as error:
        raise Broken from error


def key() -> bytes:
    """Return the key, which follows from the site's secret."""
    return base64.urlsafe_b64encode(salted_hmac(SALT, "", algorithm="sha256").digest())
