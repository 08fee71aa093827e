"""System checks: settings that contradict each other, and variables that nobody reads."""

from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.core.exceptions import ImproperlyConfigured

from packages_app.conf import options

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_KEY, LEAST_VARIED = 40, 10
SHORTEST_PASSWORD = 12
LONGEST_WINDOW = 24 * 3600
"""Seconds; longer links outlive the day on which somebody loses the right to read."""


@register()
def unknown_variables(**_: object) -> list[CheckMessage]:
    """Report each PYPI_ variable that no setting reads: a typo must not be silent."""
    return [
        checks.Warning(
            f"{name} is set, but there is no such setting.", hint="See the README's table.", id="packages_app.W001"
        )
        for name in settings.UNKNOWN_VARIABLES
    ]


@register()
def mixed_homes(**_: object) -> list[CheckMessage]:
    """Report a catalogue and files that live in different homes: it works, and is rarely meant."""
    chosen = options()
    if bool(chosen.table) == bool(chosen.bucket):
        return []
    return [
        checks.Warning(
            "Only one of PYPI_TABLE and PYPI_BUCKET is set: the catalogue and the files live in different homes.",
            hint="Set both for AWS, or neither for one folder; backups must cover both homes.",
            id="packages_app.W002",
        )
    ]


@register()
def upstream_settings(**_: object) -> list[CheckMessage]:
    """Report settings about other indexes that cannot be read, or that do nothing."""
    from packages_app.upstream.errors import BadPattern  # noqa: PLC0415 - a page's process does not run checks
    from packages_app.upstream.patterns import pattern  # noqa: PLC0415 - a page's process does not run checks
    from packages_app.upstream.rulebook import rulebook  # noqa: PLC0415 - a page's process does not run checks

    chosen = options().upstream
    found: list[CheckMessage] = []
    try:
        rulebook()
        for text in chosen.reserved:
            pattern(text)
    except (ImproperlyConfigured, BadPattern) as error:
        found.append(checks.Error(str(error), id="packages_app.E010"))
    if chosen.ca_file is not None and not chosen.ca_file.is_file():
        found.append(checks.Error("PYPI_UPSTREAM_CA names no file.", id="packages_app.E011"))
    if not chosen.urls and (chosen.policy or chosen.advisories or chosen.reserved or chosen.list_names):
        found.append(
            checks.Warning(
                "Settings about an upstream are set, but PYPI_UPSTREAM_URL is not: there is none.",
                id="packages_app.W010",
            )
        )
    if chosen.files != "keep" and (chosen.password or any(urlsplit(url).username for url in chosen.urls)):
        found.append(
            checks.Warning(
                "PYPI_UPSTREAM_URL needs credentials, and PYPI_UPSTREAM_FILES sends clients there, who have none.",
                hint="Keep the upstream's files: PYPI_UPSTREAM_FILES=keep.",
                id="packages_app.W012",
            )
        )
    for url in chosen.urls:
        parts = urlsplit(url)
        if parts.scheme == "http" and (parts.username or chosen.password) and parts.hostname not in LOOPBACK:
            found.append(
                checks.Warning(
                    "PYPI_UPSTREAM_URL sends credentials without TLS: everybody on the way can read them.",
                    id="packages_app.W011",
                )
            )
    return found


@register(Tags.security, deploy=True)
def open_settings(**_: object) -> list[CheckMessage]:
    """Report settings that open the index, or what it holds, to more people than is usual."""
    found: list[CheckMessage] = []
    chosen = options()
    if settings.DEBUG:
        found.append(checks.Error("PYPI_DEBUG is on: error pages would show the code.", id="packages_app.E001"))
    if chosen.public_read:
        found.append(checks.Warning("PYPI_PUBLIC_READ is on: anybody can read every file.", id="packages_app.W003"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(checks.Warning("PYPI_ALLOWED_HOSTS answers to every name.", id="packages_app.W004"))
    if chosen.overwrite:
        found.append(
            checks.Warning(
                "PYPI_OVERWRITE is on: a published file can be replaced by other bytes.", id="packages_app.W005"
            )
        )
    if chosen.link_window > LONGEST_WINDOW:
        found.append(
            checks.Warning(
                f"PYPI_LINK_SECONDS is {chosen.link_window}: whoever has a download link can use it that long.",
                id="packages_app.W006",
            )
        )
    return found


@register(Tags.security, deploy=True)
def weak_secrets(**_: object) -> list[CheckMessage]:
    """Report secrets that can be guessed; none of them is shown."""
    found: list[CheckMessage] = []
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < LEAST_VARIED:
        found.append(
            checks.Error(
                f"PYPI_SECRET_KEY can be guessed: it has fewer than {SHORTEST_KEY} characters, or repeats a few.",
                hint='Make one: python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
                id="packages_app.E002",
            )
        )
    found += [
        checks.Error(
            f"The password of {user} can be guessed: it has fewer than {SHORTEST_PASSWORD} characters, or is the name.",
            hint="Set another in PYPI_PASSWORD or PYPI_USERS.",
            id="packages_app.E003",
        )
        for user, password in options().users.items()
        if len(password) < SHORTEST_PASSWORD or user.lower() in (password.lower(), password.lower()[::-1])
    ]
    return found


@register(Tags.security, deploy=True)
def proxies(**_: object) -> list[CheckMessage]:
    """Report who may say what the scheme, the host and the caller of a request are, or that nobody may."""
    if not settings.TRUSTED_PROXIES and not settings.ON_LAMBDA:
        return [
            checks.Warning(
                "No proxy is named in PYPI_TRUSTED_PROXIES: without one that speaks TLS, passwords cross the network "
                "in clear, and with one, absolute addresses would begin with http.",
                id="packages_app.W007",
            )
        ]
    return [
        checks.Error(
            f"PYPI_TRUSTED_PROXIES holds {each}, which is everybody: any caller could name its own host and address.",
            id="packages_app.E004",
        )
        for each in settings.TRUSTED_PROXIES
        if each.endswith("/0")
    ]


@register(Tags.security, deploy=True)
def downloads(**_: object) -> list[CheckMessage]:
    """Report a key that cannot sign CloudFront's links: each download would be an error."""
    storage = cast("dict[str, Any]", settings.STORAGES["packages"])
    key = storage.get("OPTIONS", {}).get("cloudfront_key")
    if not key:
        return []
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - only deploy checks

    try:
        load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        return [
            checks.Error(
                "PYPI_CLOUDFRONT_KEY is no private key without a passphrase, in PEM form.", id="packages_app.E005"
            )
        ]
    return []
