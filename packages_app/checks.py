"""System checks: settings that contradict each other, and variables that nobody reads."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.core.exceptions import ImproperlyConfigured

from packages_app.conf import options

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


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
    from packages_app.upstream.patterns import pattern  # noqa: PLC0415 - the same
    from packages_app.upstream.rulebook import rulebook  # noqa: PLC0415 - the same

    chosen = options().upstream
    found: list[CheckMessage] = []
    try:
        rulebook()
        for text in chosen.reserved:
            pattern(text)
    except (ImproperlyConfigured, BadPattern) as error:
        found.append(checks.Error(str(error), id="packages_app.E002"))
    if chosen.ca_file is not None and not chosen.ca_file.is_file():
        found.append(checks.Error("PYPI_UPSTREAM_CA names no file.", id="packages_app.E003"))
    if not chosen.urls and (chosen.policy or chosen.advisories or chosen.reserved or chosen.list_names):
        found.append(
            checks.Warning(
                "Settings about an upstream are set, but PYPI_UPSTREAM_URL is not: there is none.",
                id="packages_app.W005",
            )
        )
    for url in chosen.urls:
        parts = urlsplit(url)
        if parts.scheme == "http" and (parts.username or chosen.password) and parts.hostname not in LOOPBACK:
            found.append(
                checks.Warning(
                    "PYPI_UPSTREAM_URL sends credentials without TLS: everybody on the way can read them.",
                    id="packages_app.W006",
                )
            )
    return found


@register(Tags.security, deploy=True)
def open_settings(**_: object) -> list[CheckMessage]:
    """Report settings that open the index to everybody."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(checks.Error("PYPI_DEBUG is on: error pages would show the code.", id="packages_app.E001"))
    if options().public_read:
        found.append(checks.Warning("PYPI_PUBLIC_READ is on: anybody can read every file.", id="packages_app.W003"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(checks.Warning("PYPI_ALLOWED_HOSTS answers to every name.", id="packages_app.W004"))
    return found
