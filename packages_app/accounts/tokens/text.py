"""A token's text: ``epypi_`` + id (16 hexadecimal digits) + secret (43 of base 62) + CRC-32 (6 of base 62).

It is one word of letters, digits and ``_``, so a double click takes all of it. The prefix lets secret scanners find
it, and the checksum lets them, and this index, tell a token from what only looks like one without asking anybody:
``epypi_[0-9a-f]{16}[0-9A-Za-z]{49}``.
"""

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass, field

PREFIX = "epypi_"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET_DIGITS, CHECK_DIGITS = 43, 6
"""Digits of base 62 that 256 and 32 bits take."""
TEXT = re.compile(rf"{PREFIX}([0-9a-f]{{16}})([0-9A-Za-z]{{{SECRET_DIGITS}}})([0-9A-Za-z]{{{CHECK_DIGITS}}})\Z")


@dataclass(frozen=True)
class TokenText:
    """What a token's text says."""

    id: str
    secret: str = field(repr=False)

    @property
    def whole(self) -> str:
        """The text itself."""
        body = f"{PREFIX}{self.id}{self.secret}"
        return body + check(body)

    @property
    def digest(self) -> str:
        """What is kept of the secret: 256 random bits need no salt and no slow hash."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def make() -> TokenText:
    """Return a new token's text."""
    return TokenText(secrets.token_hex(8), base62(secrets.randbits(256), SECRET_DIGITS))


def read(text: str) -> TokenText | None:
    """Return what the text says; None when it is no token, or one that was mistyped or cut off."""
    match = TEXT.match(text)
    if match is None:
        return None
    id_, secret, checked = match.groups()
    return TokenText(id_, secret) if check(f"{PREFIX}{id_}{secret}") == checked else None


def check(body: str) -> str:
    """Return the checksum of a token's text before it."""
    return base62(zlib.crc32(body.encode()), CHECK_DIGITS)


def base62(number: int, digits: int) -> str:
    """Return a number in so many digits."""
    written = ""
    for _ in range(digits):
        number, digit = divmod(number, len(ALPHABET))
        written = ALPHABET[digit] + written
    return written
