"""Changes users and groups: each function is one conditional, audited transaction."""

import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from packages_app.accounts import read
from packages_app.accounts.entries import EVERYONE, Group, Subject, SubjectKind, User
from packages_app.accounts.errors import AccountChanged, AccountExists, BadAccount, NoSuchAccount
from packages_app.accounts.models import GROUPS, USERS, GroupRow, UserRow
from packages_app.accounts.passwords import hashed
from packages_app.accounts.rows import standing_row, told, user_row
from packages_app.accounts.transact import Beside, commit, event_of
from packages_app.catalogue.entries import Change
from packages_app.conf import options

# Lower case, so that no two names differ by case alone; no "#", ":" or space, which keys, Basic and lists use.
NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}\Z")
FROM_PROVIDER = "oidc."
"""Groups of a user that an OpenID Connect provider named begin so; what they may is in the settings."""
LONGEST = 254
"""Characters of a display name or an address."""
CONFIGURED = "is configured by the operator (PYPI_USERNAME, PYPI_USERS); change the settings instead."


def create_user(user: User, *, password: str | None, change: Change, beside: Beside | None = None) -> User:
    """Make a user, who can sign in with a browser if there is a password, and return it.

    ``beside`` is what else to write in the same transaction.

    Raises:
        BadAccount: its name, password, groups or texts cannot be these.
        AccountExists: there is such a user already.
    """
    if user.name in options().users:
        raise AccountExists(f"The user {user.name} {CONFIGURED}")
    check_user(user)
    now = datetime.now(UTC)
    made = replace(user, password="" if password is None else hashed(password), created=now, updated=now)
    return save(
        replace(made, nonce=secrets.token_hex(16)), before=None, action="user.create", change=change, beside=beside
    )


def change_user(before: User, after: User, *, change: Change) -> User:
    """Change what a user is, from what it was read as, and return it; password and nonce have functions of their own.

    Raises:
        BadAccount: it cannot be like this.
        AccountChanged: somebody else changed it in the meantime.
    """
    action = "user.change"
    if before.disabled != after.disabled:
        action = "user.disable" if after.disabled else "user.enable"
    kept = replace(after, name=before.name, password=before.password, nonce=before.nonce, created=before.created)
    return save(kept, before=before, action=action, change=change)


def set_password(before: User, password: str | None, *, change: Change) -> User:
    """Give a user another password, which ends all browser sessions, and return it; with none, nobody signs in.

    Raises:
        BadAccount: the password cannot be this, or the user is a configured one.
        AccountChanged: somebody else changed the user in the meantime.
    """
    after = replace(before, password="" if password is None else hashed(password), nonce=secrets.token_hex(16))
    return save(after, before=before, action="user.password", change=change)


def end_sessions(name: str, *, change: Change) -> None:
    """Let every browser session of a user be over, as they sign out."""
    commit(
        lambda transaction: transaction.update(UserRow(USERS, name), [UserRow.nonce.set(secrets.token_hex(16))]),
        event=event_of(change, "user.sign-out", name),
        refusal=AccountChanged(f"{name} was changed in the meantime; try again."),
    )


def save(user: User, *, before: User | None, action: str, change: Change, beside: Beside | None = None) -> User:
    """Write a user and their standing, if the user is still as ``before``; None means that there is none.

    Raises:
        BadAccount: the user cannot be like this, or is configured in the settings.
        AccountExists: there is such a user already.
        AccountChanged: somebody else changed the user in the meantime.
    """
    if user.configured:
        raise BadAccount(f"The user {user.name} {CONFIGURED}")
    check_user(user)
    saved = replace(user, updated=datetime.now(UTC), version=1 if before is None else before.version + 1)
    expected = UserRow.version.does_not_exist() if before is None else as_read(before, user.nonce)

    def fill(transaction: TransactWrite) -> None:
        transaction.save(user_row(saved), expected)
        transaction.save(standing_row(saved))
        if beside is not None:
            beside(transaction)

    refusal = (
        AccountExists(f"There is a user named {user.name} already.")
        if before is None
        else AccountChanged(f"{user.name} was changed by somebody else in the meantime; look again.")
    )
    event = event_of(change, action, user.name, before=told(before) if before else {}, after=told(saved))
    commit(fill, event=event, refusal=refusal)
    return saved


def as_read(before: User, nonce: str) -> Condition:
    """Return the condition that nobody changed a user since; and, to keep the nonce, that they did not sign out."""
    condition: Condition = UserRow.version == before.version
    return condition & (UserRow.nonce == nonce) if nonce == before.nonce else condition


def check_user(user: User) -> None:
    """Return if a user can be like this.

    Raises:
        BadAccount: it cannot; the sentence says why.
    """
    check_name(user.name)
    for text in (user.display_name, user.email):
        if len(text) > LONGEST or not text.isprintable():
            raise BadAccount(f"Names and addresses have at most {LONGEST} characters, all of them printable.")
    for group in user.groups:
        if group.startswith(FROM_PROVIDER):
            continue  # these are there by the settings
        if group == EVERYONE.name or read.group(group) is None:
            raise BadAccount(f"There is no group named {group[:80]!a} that users are put into; create it first.")


def check_name(name: str) -> None:
    """Return if this can be the name of a user or a group.

    Raises:
        BadAccount: it cannot.
    """
    if not NAME.match(name):
        raise BadAccount(
            f"{name[:80]!a} is no name for an account: use at most 64 lower-case letters, digits, '.', '_', '@', '+' "
            "and '-', with a letter or digit in front."
        )


def create_group(group: Group, *, change: Change) -> None:
    """Make a group.

    Raises:
        BadAccount: its name cannot be this.
        AccountExists: there is such a group already.
    """
    check_name(group.name)
    if group.name.startswith(FROM_PROVIDER):
        raise BadAccount(
            f"Names that begin with {FROM_PROVIDER} are for groups of the service that people sign in with."
        )
    if group.name == EVERYONE.name:
        raise AccountExists("The group everyone is there by itself: every enabled user is in it.")
    if not group.description.isprintable():
        raise BadAccount("A description has printable characters only.")
    row = GroupRow(GROUPS, group.name, description=group.description[:LONGEST] or None)
    commit(
        lambda transaction: transaction.save(row, GroupRow.pk.does_not_exist()),
        event=event_of(change, "group.create", group.name, after={"description": group.description[:LONGEST]}),
        refusal=AccountExists(f"There is a group named {group.name} already."),
    )


def delete_group(name: str, *, change: Change) -> None:
    """Remove a group that nobody is in and that was granted nothing.

    Raises:
        NoSuchAccount: there is no such group.
        BadAccount: somebody is in it, or it was granted something.
    """
    left = [f"the user {member}" for member in read.members().get(name, [])]
    left += [f"a grant on {grant.pattern}" for grant in read.grants_of(Subject(SubjectKind.GROUP, name))]
    if left:
        raise BadAccount(f"The group {name} still has {left[0]}; take its users and grants away first.")
    commit(
        lambda transaction: transaction.delete(GroupRow(GROUPS, name), GroupRow.pk.exists()),
        event=event_of(change, "group.delete", name),
        refusal=NoSuchAccount(f"There is no group named {name[:80]!a}."),
    )
