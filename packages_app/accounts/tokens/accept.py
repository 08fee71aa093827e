"""Says whose a token is, and whether it may be used now and from where it comes."""

import hmac
import ipaddress
from datetime import UTC, datetime

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import BadCredentials, Forbidden
from packages_app.accounts.rules import standing_of
from packages_app.accounts.tokens import read, text, uses
from packages_app.accounts.tokens.entries import Token

NOT_VALID = "This API token is not valid: it was revoked, never made by this index, or not copied as a whole."


def accept(written: str, address: str) -> Principal:
    """Return who comes with a token: its owner, limited to what the token is for.

    What only looks like a token is refused without asking the catalogue; a real one costs at most one read, and none
    while it is kept.

    Raises:
        BadCredentials: it is malformed, unknown, wrong, revoked or expired, or its owner is disabled.
        Forbidden: it may not be used from this address.
    """
    given = text.read(written)
    found = read.secured(given.id) if given is not None else None
    if given is None or found is None:
        raise BadCredentials(NOT_VALID)
    token, digest = found
    if not hmac.compare_digest(given.digest, digest) or token.revoked is not None:
        raise BadCredentials(NOT_VALID)
    if token.expires is not None and token.expires <= datetime.now(UTC):
        raise BadCredentials("This API token has expired; make a new one.")
    standing = standing_of(token.owner)
    if standing is None or standing.disabled:
        raise BadCredentials("The account that this API token belongs to is disabled.")
    if not comes_from(token, address):
        raise Forbidden("This API token may not be used from this network address.")
    uses.note(token)
    return Principal(name=token.owner, address=address, token=token.id, limits=token.limits)


def check_not_revoked(who: Principal) -> None:
    """Return if nobody revoked the token that somebody came with to ask for what goes on after the answer.

    One that has expired meanwhile was good when it was used.

    Raises:
        BadCredentials: somebody did.
    """
    if not who.token:
        return
    found = read.token(who.token)
    if found is None or found.revoked is not None:
        raise BadCredentials("The API token that this was asked for with was revoked meanwhile; use another.")


def comes_from(token: Token, address: str) -> bool:
    """Return whether a token may be used from this address."""
    if not token.networks:
        return True
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:  # a socket's path, or nothing
        return False
    # A server on both stacks sees IPv4 callers under mapped addresses.
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in ipaddress.ip_network(network) for network in token.networks)
