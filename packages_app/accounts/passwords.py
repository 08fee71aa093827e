"""Passwords of accounts as Django's hashers keep them; only a browser's sign-in and commands come here.

A hash costs a tenth of a second and some memory on purpose, so it is never computed on the way of an installer.
"""

from packages_app.accounts.errors import BadAccount

SHORTEST, LONGEST = 10, 1024


def hashed(password: str) -> str:
    """Return the password as it is kept.

    Raises:
        BadAccount: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadAccount(f"A password has {SHORTEST} to {LONGEST} characters; several words are easy to remember.")
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415 - only who signs in with a browser needs it

    return make_password(password)


def right(password: str, kept: str) -> bool:
    """Return whether this is the password that was kept; it takes as long where none was."""
    from django.contrib.auth.hashers import check_password, make_password  # noqa: PLC0415 - only who signs in with a browser needs it

    if not kept or len(password) > LONGEST:
        make_password(password[:LONGEST])
        return False
    return check_password(password, kept)
