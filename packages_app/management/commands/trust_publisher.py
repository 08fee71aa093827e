"""Trusts a pipeline of a CI service."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts.publishers.kinds import KINDS
from packages_app.accounts.publishers.register import trust
from packages_app.management.operator import SOURCE, operator
from packages_app.management.refusals import told


def pair(text: str) -> tuple[str, str]:
    """Return a field's name and value."""
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError("write it as FIELD=VALUE, such as repository=acme/widget")
    return name, value


def fields() -> str:
    """Return the fields of each kind, as the help shows them."""
    return "; ".join(
        f"{kind.name} ({kind.title}): "
        + ", ".join(field.name if field.needed else f"[{field.name}]" for field in kind.fields)
        for kind in KINDS.values()
    )


class Command(BaseCommand):
    """Trusts one pipeline with a project or a pattern."""

    help = (
        "Let a pipeline of a CI service upload without a secret: to a project, which need not exist yet, or to every "
        f"project that a pattern covers. Each kind of service has its fields: {fields()}."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("pattern", help="a project, the beginning of names and a star, or a star")
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("field", nargs="+", type=pair, metavar="FIELD=VALUE", help="what tells the pipeline apart")
        parser.add_argument("--issuer", default="", help="needed where the settings name several of the kind")

    def handle(self, *_: Any, **given: Any) -> None:
        with told():
            found = trust(
                operator(),
                given["pattern"],
                kind_=given["kind"],
                issuer=given["issuer"],
                fields=dict(given["field"]),
                source=SOURCE,
            )
        self.stdout.write(f"{found.name} may upload to {given['pattern']}: {found.about}.")
