#!/usr/bin/env python
"""Run the index's commands: ``python manage.py runserver`` serves it."""

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pypi_site.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - settings are named first
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings are named first

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"A setting is wrong: {error}")


if __name__ == "__main__":
    main()
