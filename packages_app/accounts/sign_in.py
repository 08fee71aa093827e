"""Finds out who signs in with a browser by name and password, and notes who came and went."""

from packages_app.accounts import read, throttle
from packages_app.accounts.credentials import account_name, owner
from packages_app.accounts.entries import User
from packages_app.accounts.passwords import LONGEST, right
from packages_app.accounts.transact import event_of
from packages_app.accounts.write import NAME, end_sessions
from packages_app.audit.write import record
from packages_app.catalogue.entries import Change
from packages_app.conf import options


def with_password(name: str, password: str, address: str) -> User | None:
    """Return the enabled user with this name and password; it takes as long whether there is such a user or not.

    Raises:
        TooManyAttempts: too many were wrong that came from this address, or for this account.
    """
    account = account_name(name)
    throttle.password_allowed(account, address)
    found = verified(name, password)
    if found is None:
        throttle.credentials_failed(address, account)
    else:
        throttle.password_proven(account, address)
    return found


def verified(name: str, password: str) -> User | None:
    """Return the enabled user with this name and password."""
    if len(password) > LONGEST:
        return None
    configured = owner(name, password, options().users)
    if configured:
        return read.user(configured)
    name = account_name(name)
    # What nobody can be called is not looked for: as a key it may be too long.
    found = read.user(name) if NAME.match(name) and name not in options().users else None
    if not right(password, found.password if found is not None else ""):
        return None
    return None if found is None or found.disabled else found


def came(name: str, address: str, *, source: str) -> None:
    """Note in the trail that a user signed in; a session begins only where that could be written."""
    record(event_of(Change(actor=name, address=address, source=source), "user.sign-in", name))


def went(name: str, address: str, *, source: str) -> None:
    """End all browser sessions of a user who signs out."""
    end_sessions(name, change=Change(actor=name, address=address, source=source))
