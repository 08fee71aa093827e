"""The end of a pipeline's run: it gives the token back that it was given, and nobody can use it any more."""

from contextlib import suppress

from packages_app.accounts.errors import BadCredentials, Forbidden
from packages_app.accounts.publishers.mint import SOURCE
from packages_app.accounts.tokens import read, write
from packages_app.accounts.tokens.accept import accept


def burn(given: str, address: str) -> None:
    """Revoke a token that a publisher was given; of what is none, or is over already, nothing is told."""
    with suppress(BadCredentials, Forbidden):
        who = accept(given, address)
        found = read.token(who.token) if who.publishes else None
        if found is not None:
            write.revoke(found, change=who.change(SOURCE))
