"""The base of commands whose help is a text with lines of its own."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand


class DescribedCommand(BaseCommand):
    """Shows ``help`` as it is written."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **given: Any) -> Any:  # noqa: ANN401 - Django's own
        """Return a parser that does not fill the help's lines anew."""
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **given
        )
