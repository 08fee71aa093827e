"""Slows down who fails over and over: wrong credentials, and uploads that are refused.

Failures are counted in the catalogue, by address and by account in windows of `SECONDS`, so that all processes share
the counts. What succeeds costs nothing: a process asks only when something failed in it, by the same write that counts,
and remembers the answer until the window ends. So whoever guesses at N processes at once has the limit, and N more.

A token that is right is never refused for what others failed at: nobody can guess one, and nobody is locked out.
"""

import ipaddress
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signals import setting_changed

from packages_app.accounts.errors import TooManyAttempts
from packages_app.accounts.models import AttemptsRow, attempts
from packages_app.audit.entries import Event
from packages_app.audit.write import record
from packages_app.tables.outcomes import reported

SECONDS = 300
"""A window; its counts go some time after it ended."""
REMEMBERED = 3600.0
"""Seconds for which an account that signed in from an address is not refused there for failures from elsewhere."""
MOST_KNOWN = 8192


@dataclass(frozen=True)
class Limit:
    """How many failures one account or address has in a window."""

    kind: str
    most: int
    sentence: str
    meanwhile: str = ""
    """A sentence that says what goes on working."""


TOKENS = " API tokens that are right go on working."
CREDENTIALS_OF_ADDRESS = Limit("ca", 30, "Too many wrong credentials came from your network address", TOKENS)
CREDENTIALS_OF_ACCOUNT = Limit("cu", 60, "Too many wrong passwords were tried for this account", TOKENS)
UPLOADS_OF_ADDRESS = Limit("ua", 300, "Too many uploads from your network address were refused")
UPLOADS_OF_ACCOUNT = Limit("uu", 100, "Too many uploads with these credentials were refused")

counts: dict[tuple[str, int], int] = {}
"""Kind and subject, with their window, to the failures that this process knows of."""
proven: dict[tuple[str, str], float] = {}
"""Accounts with addresses that they signed in from by password, to when that was, by the monotonic clock."""
mutex = threading.Lock()


def password_allowed(account: str, address: str) -> None:
    """Return if a password for the account may be tried from the address; costs nothing.

    Raises:
        TooManyAttempts: it may not in this window.
    """
    refuse_over(CREDENTIALS_OF_ADDRESS, network(address))
    if time.monotonic() - proven.get((account, address), -REMEMBERED) >= REMEMBERED:
        refuse_over(CREDENTIALS_OF_ACCOUNT, account)


def password_proven(account: str, address: str) -> None:
    """Remember that the account's password came from the address."""
    with mutex:
        if len(proven) >= MOST_KNOWN:
            proven.clear()
        proven[account, address] = time.monotonic()


def credentials_failed(address: str, account: str = "") -> None:
    """Count wrong credentials, for the account too where a password for one was tried.

    Raises:
        TooManyAttempts: there are too many by now.
    """
    count(CREDENTIALS_OF_ADDRESS, network(address), address)
    if account:
        count(CREDENTIALS_OF_ACCOUNT, account, address)


def upload_allowed(credentials: str, address: str) -> None:
    """Return if an upload with these credentials may come from the address; costs nothing.

    Raises:
        TooManyAttempts: it may not in this window.
    """
    refuse_over(UPLOADS_OF_ACCOUNT, credentials)
    refuse_over(UPLOADS_OF_ADDRESS, network(address))


def upload_refused(credentials: str, address: str) -> None:
    """Count an upload that was refused."""
    for limit, subject in ((UPLOADS_OF_ACCOUNT, credentials), (UPLOADS_OF_ADDRESS, network(address))):
        if known(limit, subject) < limit.most:
            counted(limit, subject, address)


def count(limit: Limit, subject: str, address: str) -> None:
    """Count a failure.

    Raises:
        TooManyAttempts: it is one too many; those that come after it are not even counted.
    """
    refuse_over(limit, subject)
    if counted(limit, subject, address) > limit.most:
        raise too_many(limit)


def counted(limit: Limit, subject: str, address: str) -> int:
    """Add a failure to those that all processes know of, and return how many there are; the trail has the last one."""
    now = window()
    row = AttemptsRow(attempts(limit.kind, subject), str(now))
    with reported():
        row.update(
            [AttemptsRow.failures.add(1), AttemptsRow.expires.set(datetime.now(UTC) + timedelta(seconds=2 * SECONDS))]
        )
    found = int(row.failures)
    with mutex:
        if len(counts) >= MOST_KNOWN:
            counts.clear()
        counts[place(limit, subject), now] = found
    if found == limit.most:
        record(
            Event(
                action="attempts.limit", actor="", address=address, target=subject[:256], after={"why": limit.sentence}
            )
        )
    return found


def refuse_over(limit: Limit, subject: str) -> None:
    """Return if this process does not know of too many failures.

    Raises:
        TooManyAttempts: it does.
    """
    if known(limit, subject) >= limit.most:
        raise too_many(limit)


def known(limit: Limit, subject: str) -> int:
    """Return the failures in this window that this process knows of."""
    return counts.get((place(limit, subject), window()), 0)


def place(limit: Limit, subject: str) -> str:
    """Return what counts are remembered under."""
    return f"{limit.kind} {subject}"


def too_many(limit: Limit) -> TooManyAttempts:
    """Return the refusal, which says when to come back."""
    wait = SECONDS - int(clock()) % SECONDS
    return TooManyAttempts(f"{limit.sentence}; try again in {wait} seconds.{limit.meanwhile}", wait)


def window() -> int:
    """Return the number of this window."""
    return int(clock()) // SECONDS


clock: Callable[[], float] = time.time


def network(address: str) -> str:
    """Return what counts as one address: of IPv6 the first 64 bits, as everybody has that many to themselves."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def forget(*, setting: str, **_: object) -> None:
    """Begin anew with another catalogue."""
    if setting == "PACKAGES_APP":
        with mutex:
            counts.clear()
            proven.clear()


setting_changed.connect(forget)
