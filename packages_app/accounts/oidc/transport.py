"""Asks the provider, and reads no more than a little of what it says."""

import ipaddress
import json
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from packages_app.accounts.oidc.errors import ProviderFailed

if TYPE_CHECKING:
    from urllib3 import PoolManager

SECONDS = 10.0
LONGEST = 512 * 1024
LATER = "The service that says who you are does not answer as it should; try again in a moment."

AT_ONCE, PATIENCE = 2, 1.0
"""Documents that are asked for at once in this process, and seconds that others wait for their turn: they are few and
kept, and where a service hangs, whoever forges its tokens must not have all threads hang with it."""

pools: list["PoolManager"] = []
asking = BoundedSemaphore(AT_ONCE)


def published(url: str) -> dict[str, Any]:
    """Return the JSON object that is published at an address.

    Raises:
        ProviderFailed: there is none, the address is not https, or several are being waited for already.
    """
    if not asking.acquire(timeout=PATIENCE):
        raise ProviderFailed(LATER) from TimeoutError(f"{url} is not asked: others are, and do not answer")
    try:
        return ask(url)
    finally:
        asking.release()


def ask(url: str, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at an address; with ``fields``, of a form that is posted to it.

    Raises:
        ProviderFailed: there is none, the address is not https, or the answer is an error.
    """
    import urllib3  # noqa: PLC0415 - only who signs in this way needs it

    check_address(url)
    if not pools:
        pools.append(urllib3.PoolManager(retries=False, timeout=SECONDS))
    sent = {"Accept": "application/json", **(headers or {})}
    body = None
    if fields is not None:
        body, sent["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
    try:
        answer = pools[0].request(
            "GET" if fields is None else "POST", url, body=body, headers=sent, preload_content=False, redirect=False
        )
        try:
            data = answer.read(LONGEST + 1)
        finally:
            answer.close()
        if answer.status != HTTPStatus.OK or len(data) > LONGEST:
            raise ProviderFailed(LATER) from ValueError(f"{url} answered {answer.status} with {len(data)} bytes")
        found = json.loads(data)
    except (urllib3.exceptions.HTTPError, OSError, ValueError, RecursionError) as error:
        raise ProviderFailed(LATER) from error
    if not isinstance(found, dict):
        raise ProviderFailed(LATER) from ValueError(f"{url} answered no object")
    return found


def check_address(url: str) -> None:
    """Return if the address is https, or of this machine.

    Raises:
        ProviderFailed: it is neither: whoever sits between could sign in as anybody.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise ProviderFailed(LATER) from error
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise ProviderFailed(LATER) from ValueError(f"{url!r} is not https")


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
