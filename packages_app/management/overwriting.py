"""The --overwrite flag that the serving commands share."""

import argparse

from django.conf import settings
from django.core.signals import setting_changed


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Add --overwrite and --no-overwrite."""
    parser.add_argument(
        "--overwrite",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="let an upload replace a published file by other bytes (default: as PYPI_OVERWRITE says)",
    )


def apply(overwrite: bool | None) -> None:
    """Put the flag, where given, in the place of PYPI_OVERWRITE for this process."""
    if overwrite is not None:
        settings.PACKAGES_APP = {**settings.PACKAGES_APP, "overwrite": overwrite}
        setting_changed.send(None, setting="PACKAGES_APP", value=settings.PACKAGES_APP, enter=True)
