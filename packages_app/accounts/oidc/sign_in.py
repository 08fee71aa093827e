"""Finds the user that a verified identity belongs to, makes one at the first sign-in, and brings their groups up."""

import re
from dataclasses import replace

from pynamodb.transactions import TransactWrite

from packages_app.accounts import read, write
from packages_app.accounts.entries import User
from packages_app.accounts.errors import AccountChanged, AccountExists
from packages_app.accounts.oidc.entries import Identity
from packages_app.accounts.oidc.errors import SignInRefused
from packages_app.accounts.oidc.models import IdentityRow, digest, partition
from packages_app.accounts.write import FROM_PROVIDER
from packages_app.catalogue.entries import Change
from packages_app.conf import OpenIdConnect, options
from packages_app.tables.base import plain_item
from packages_app.tables.outcomes import reported

SOURCE = "oidc"
TRIES = 3
NOT_IN_NAMES = re.compile(r"[^a-z0-9._@+-]+")
SHORT = 8
"""Digits that are put behind a name that somebody else has."""


def user_of(found: Identity, chosen: OpenIdConnect, address: str) -> User:
    """Return the user whom an identity signs in.

    A person at the provider is only ever one and the same user: a name that is taken is not theirs, whatever the
    provider says they are called.

    Raises:
        SignInRefused: the user is disabled.
        AccountChanged: others change the user over and over.
    """
    groups = mapped(found, chosen)
    for _ in range(TRIES):
        try:
            name = known(found)
            user = read.user(name) if name else made(found, groups, address)
            if user is None or user.disabled or user.configured:
                raise SignInRefused("Your account is disabled; ask an administrator of this index.")
            return brought_up(user, found, groups, address)
        except (AccountChanged, AccountExists):
            continue  # the same person signs in twice at once
    raise AccountChanged("Your account is being changed over and over; sign in again in a moment.")


def known(found: Identity) -> str:
    """Return the name of the user that an identity was tied to; empty at the first sign-in."""
    with reported():
        row = plain_item(partition(found.issuer, found.subject), "#")
    return str(row["user"]) if row else ""


def made(found: Identity, groups: tuple[str, ...], address: str) -> User:
    """Make a user for an identity, and tie them together in the same transaction."""
    name = free_name(found)
    row = IdentityRow(partition(found.issuer, found.subject), "#", user=name)

    def tie(transaction: TransactWrite) -> None:
        transaction.save(row, IdentityRow.pk.does_not_exist())

    user = User(name=name, display_name=found.display_name, email=found.email, groups=groups)
    change = Change(actor=name, address=address, source=SOURCE)
    return write.create_user(user, password=None, change=change, beside=tie)


def free_name(found: Identity) -> str:
    """Return a user name that nobody has, like what the person is called."""
    wished = NOT_IN_NAMES.sub("-", found.name.lower()).strip("-._@+")[:48]
    if wished and wished not in options().users and read.user(wished) is None:
        return wished
    tail = digest(found.issuer, found.subject)[:SHORT]
    return f"{wished or 'user'}-{tail}"


def brought_up(user: User, found: Identity, groups: tuple[str, ...], address: str) -> User:
    """Return the user with the provider's groups and texts as they are now; groups from here stay."""
    own = tuple(group for group in user.groups if not group.startswith(FROM_PROVIDER))
    after = replace(
        user,
        groups=tuple(sorted({*own, *groups})),
        display_name=found.display_name or user.display_name,
        email=found.email or user.email,
    )
    if after == replace(user, groups=tuple(sorted(user.groups))):
        return user
    return write.change_user(user, after, change=Change(actor=user.name, address=address, source=SOURCE))


def mapped(found: Identity, chosen: OpenIdConnect) -> tuple[str, ...]:
    """Return the provider's groups that the settings give roles to, under their names here."""
    return tuple(sorted({f"{FROM_PROVIDER}{group}" for group in found.groups if group in chosen.groups}))
