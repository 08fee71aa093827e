"""How a refusal ends a command: with its sentence, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from packages_app.errors import PackagesError


@contextmanager
def told(returncode: int = 1) -> Iterator[None]:
    """End the command with a refusal's sentence.

    Raises:
        CommandError: there was one.
    """
    try:
        yield
    except PackagesError as error:
        raise CommandError(str(error), returncode=returncode) from error
