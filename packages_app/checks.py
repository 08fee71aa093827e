"""System checks: settings that contradict each other, and variables that nobody reads."""

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from packages_app.conf import options


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
