"""Finds out who signs in with a browser: by name and password."""

import unicodedata

from packages_app.accounts import read
from packages_app.accounts.credentials import owner
from packages_app.accounts.entries import User
from packages_app.accounts.passwords import LONGEST, right
from packages_app.conf import options


def with_password(name: str, password: str) -> User | None:
    """Return the enabled user with this name and password; it takes as long whether there is such a user or not."""
    if len(password) > LONGEST:
        return None
    configured = owner(name, password, options().users)
    if configured:
        return read.user(configured)
    name = unicodedata.normalize("NFC", name).strip().lower()
    found = read.user(name) if name not in options().users else None
    if not right(password, found.password if found is not None else ""):
        return None
    return None if found is None or found.disabled else found
