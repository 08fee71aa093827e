"""Accounts for functional tests, made straight in the catalogue of the home."""

from packages_app.accounts.entries import Grant, Subject, SubjectKind, User
from packages_app.accounts.grants import grant
from packages_app.accounts.roles import Action, Role
from packages_app.accounts.tokens.write import create
from packages_app.accounts.write import create_user
from packages_app.catalogue.entries import Change
from tests.functional.conftest import basic

CHANGE = Change(actor="root", source="command")
ALL = tuple(action.value for action in Action)


def user(name: str, **roles: str) -> None:
    """Make a user with roles on patterns: ``user("ben", uploader="acme-*")``."""
    create_user(User(name=name), password=None, change=CHANGE)
    give(name, **roles)


def give(name: str, **roles: str) -> None:
    """Grant a user roles on patterns."""
    for role, pattern in roles.items():
        grant(Grant(subject=Subject(SubjectKind.USER, name), pattern=pattern, role=Role(role)), change=CHANGE)


def token(owner: str, *patterns: str, actions: tuple[str, ...] = ALL) -> dict[str, str]:
    """Return the headers of somebody who comes with a token."""
    chosen = frozenset(Action(action) for action in actions)
    return basic("__token__", create(owner, actions=chosen, patterns=patterns or ("*",), change=CHANGE)[1])
