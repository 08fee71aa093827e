"""Lists users, groups, roles and tokens."""

import argparse
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from packages_app.accounts import read
from packages_app.accounts.tokens.entries import Token
from packages_app.accounts.tokens.read import page_of_all
from packages_app.management.refusals import told


class Command(BaseCommand):
    """Prints a line each."""

    help = "List users, groups, roles on patterns, and tokens."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        del parser

    def handle(self, *_: Any, **__: Any) -> None:
        with told():
            for user in read.users():
                marks = [
                    ("administrator", user.administrator),
                    ("configured", user.configured),
                    ("disabled", user.disabled),
                ]
                words = [word for word, on in marks if on] + [f"in {' '.join(user.groups)}"] * bool(user.groups)
                self.stdout.write(f"user   {user.name}  {', '.join(words)}".rstrip())
            for group in read.groups():
                self.stdout.write(f"group  {group.name}  {group.description}".rstrip())
            for grant in read.grants():
                self.stdout.write(f"role   {grant.subject} is {grant.role.value} of {grant.pattern}")
            for token in tokens():
                actions = ",".join(sorted(action.value for action in token.actions))
                self.stdout.write(
                    f"token  {token.id}  {token.owner}  {token.state}  {actions} on {' '.join(token.patterns)}"
                    f"  {token.description}".rstrip()
                )


def tokens() -> Iterator[Token]:
    """Yield every token, page by page."""
    page = page_of_all()
    yield from page.tokens
    while page.next:
        page = page_of_all(page.next)
        yield from page.tokens
