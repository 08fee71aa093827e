"""The items of accounts: users, groups, and the rules that say who may do what.

All rules that hold for more than one project lie in one partition, which each process reads as a whole and keeps for
some seconds. A role on one project by its name lies with whom it is for: there may be as many as there are projects.
"""

import hashlib

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from packages_app.accounts.entries import Subject
from packages_app.tables.base import LookupIndex, TableModel

USERS, GROUPS, RULES, PUBLISHERS = "U#users", "G#groups", "R#rules", "P#publishers"


class UserRow(TableModel):
    """``U#users`` / ``<user>``; for a configured user it holds no more than the nonce."""

    display_name = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    password = UnicodeAttribute(null=True)
    nonce = UnicodeAttribute(null=True)
    disabled = BooleanAttribute(null=True)
    administrator = BooleanAttribute(null=True)
    groups = UnicodeAttribute(null=True)
    """Names, by spaces."""
    created_at = NumberAttribute(null=True)
    updated_at = NumberAttribute(null=True)
    """Microseconds since the epoch."""
    version = NumberAttribute(null=True)


class GroupRow(TableModel):
    """``G#groups`` / ``<group>``."""

    description = UnicodeAttribute(null=True)


class StandingRow(TableModel):
    """``R#rules`` / ``U#<user>``: what rules need to know of a user, written together with the user's own item."""

    disabled = BooleanAttribute(null=True)
    administrator = BooleanAttribute(null=True)
    groups = UnicodeAttribute(null=True)
    """Names, by spaces."""


class RuleRow(TableModel):
    """``R#rules`` / ``G#<index>#<subject>#<pattern>``: a role on what a pattern with a star covers."""

    role = UnicodeAttribute()


class ProjectRoleRow(TableModel):
    """``M#<index>#<subject>`` / ``<project>``: a role on one project; found by the project, ``M#<index>#<project>``."""

    lookup = LookupIndex()

    role = UnicodeAttribute()


class AttemptsRow(TableModel):
    """``F#<kind>#<digest of an account or address>`` / ``<window>``: failures in it; ``expires`` soon after."""

    failures = NumberAttribute()


def attempts(kind: str, subject: str) -> str:
    """Return the partition key of an account's or an address's failures; a stranger's text is no part of it."""
    return f"F#{kind}#{hashlib.sha256(subject.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def standing_key(user: str) -> str:
    """Return the sort key of a user's standing."""
    return f"U#{user}"


def rule_key(index: str, subject: Subject, pattern: str) -> str:
    """Return the sort key of a rule."""
    return f"G#{index}#{subject}#{pattern}"


def roles_of(index: str, subject: Subject) -> str:
    """Return the partition key of a subject's roles on single projects."""
    return f"M#{index}#{subject}"


def roles_on(index: str, project: str) -> str:
    """Return the lookup key of the roles on one project."""
    return f"M#{index}#{project}"
