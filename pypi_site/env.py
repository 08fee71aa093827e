"""Typed readers of environment variables; each variable is read once, and an error names it."""

import ipaddress
import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from packages_app.accounts.errors import BadPattern
from packages_app.accounts.patterns import normalized
from packages_app.accounts.roles import Role

KNOWN: set[str] = set()
"""Every variable that a reader was asked for; what else starts with PYPI_ is reported by ``manage.py check``."""

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str | None = None) -> str | None:
    """Return the variable's text; an empty or missing variable gives ``default``."""
    KNOWN.add(name)
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return the variable as a yes or no.

    Raises:
        ImproperlyConfigured: it holds neither.
    """
    KNOWN.add(name)
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off.")


def integer(name: str, *, default: int, least: int = 0, most: int = 2**53) -> int:
    """Return the variable as a whole number from ``least`` to ``most``.

    Raises:
        ImproperlyConfigured: it is no such number.
    """
    raw = text(name)
    if raw is None:
        return default
    try:
        value = int(raw)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}.")
    return value


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return the variable as one of the choices, in any case.

    Raises:
        ImproperlyConfigured: it is none of them.
    """
    raw = (text(name) or default).upper()
    if raw not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices).lower()}.")
    return raw


def words(name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the variable's comma-separated words."""
    raw = text(name)
    return default if raw is None else tuple(word.strip() for word in raw.split(",") if word.strip())


def networks(name: str) -> tuple[str, ...]:
    """Return the variable's comma-separated addresses and networks; the word ``unix`` is a socket of this machine.

    Raises:
        ImproperlyConfigured: one of them is neither.
    """
    given = words(name)
    for word in given:
        try:
            if word != "unix":
                ipaddress.ip_network(word, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} must be addresses or networks such as 10.0.0.0/8, separated by commas, or unix; "
                f"{word[:80]!a} is none."
            ) from None
    return given


def path(name: str, default: Path) -> Path:
    """Return the variable as an absolute path; ``~`` is the user's home."""
    raw = text(name)
    return (default if raw is None else Path(raw).expanduser()).resolve()


def web_address(name: str, url: str) -> str:
    """Return one address out of the variable, as it is.

    Raises:
        ImproperlyConfigured: it does not begin with http:// or https:// and a host.
    """
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or parts.query or parts.fragment:
        # The address may hold a password, so it is not repeated.
        raise ImproperlyConfigured(
            f"{name} must hold addresses such as https://index.example/simple/, separated by commas; "
            "in a user name or password write a comma as %2C."
        )
    return url


def issuers(name: str) -> tuple[tuple[str, str], ...]:
    """Return the variable's CI services: words such as ``gitlab=https://gitlab.example``, separated by commas.

    Raises:
        ImproperlyConfigured: a word is no known kind with an address behind it.
    """
    chosen = words(name)
    if not chosen:
        return ()
    from packages_app.accounts.publishers.kinds import KINDS  # noqa: PLC0415 - most indexes start without them

    found = []
    for word in chosen:
        kind, _, issuer = word.partition("=")
        if kind not in KINDS or not issuer:
            raise ImproperlyConfigured(
                f"{name} must be services such as gitlab=https://gitlab.example, separated by commas; "
                f"a service is {', '.join(KINDS)}, with the issuer of its tokens."
            )
        found.append((kind, web_address(name, issuer)))
    if len({issuer for _, issuer in found}) < len(found):
        raise ImproperlyConfigured(f"{name} names one issuer twice.")
    return tuple(found)


def passwords(name: str) -> dict[str, str]:
    """Return the variable's users: a JSON object of user name to password.

    Raises:
        ImproperlyConfigured: it is no such object, or a name is empty or holds a colon (RFC 7617 forbids it).
    """
    raw = text(name)
    if raw is None:
        return {}
    wrong = ImproperlyConfigured(
        f'{name} must be a JSON object of user name to password, such as {{"ana": "correct horse"}}; '
        "no user name or password may be empty, and no user name may hold a colon."
    )
    try:
        users = json.loads(raw)
    except ValueError:
        raise wrong from None
    if not isinstance(users, dict):
        raise wrong
    for user, password in users.items():
        if not user or ":" in user or not isinstance(password, str) or not password:
            raise wrong
    return users


def granted(name: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the variable's groups: a JSON object of group to the roles that its members have, each with a pattern.

    Raises:
        ImproperlyConfigured: it is no such object, or names a role that is none.
    """
    raw = text(name)
    if raw is None:
        return {}
    wrong = ImproperlyConfigured(
        f'{name} must be a JSON object of group to a list of roles, such as {{"devs": ["uploader acme-*"]}}; '
        "a role is reader, uploader, maintainer or administrator, with a project, a pattern or a star behind it."
    )
    try:
        groups = {
            group: tuple((Role(role).value, normalized(pattern)) for role, pattern in (each.split() for each in roles))
            for group, roles in json.loads(raw).items()
        }
    except (ValueError, AttributeError, TypeError, BadPattern):
        raise wrong from None
    if any(not group or "#" in group or len(group.split()) != 1 for group in groups):
        raise wrong
    return groups


def unknown(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the PYPI_ variables that are set and that no reader asks for, sorted."""
    return sorted(name for name in environ if name.startswith("PYPI_") and name not in KNOWN)
