"""Grants roles and takes them away, one audited transaction each."""

from collections.abc import Iterable

from pynamodb.transactions import TransactWrite

from packages_app.accounts import read
from packages_app.accounts.entries import EVERYONE, Grant, Subject, SubjectKind
from packages_app.accounts.errors import NoSuchAccount
from packages_app.accounts.models import RULES, ProjectRoleRow, RuleRow, roles_of, roles_on, rule_key
from packages_app.accounts.patterns import is_exact, normalized
from packages_app.accounts.roles import Role
from packages_app.accounts.rules import publisher_standing
from packages_app.accounts.transact import commit, event_of
from packages_app.catalogue.entries import Change
from packages_app.conf import options

MOST_TAKEN = 80
"""Roles that go together with their project: DynamoDB takes 100 actions, and the deletion needs some."""


def grant(given: Grant, *, change: Change) -> Grant:
    """Grant a role, in the place of the one that the subject had on the same pattern, and return it as it is kept.

    Raises:
        BadPattern: it covers no project name.
        NoSuchAccount: there is no such user, group or publisher.
    """
    pattern = normalized(given.pattern)
    check_subject(given.subject)
    kept = Grant(subject=given.subject, pattern=pattern, role=given.role)
    commit(
        lambda transaction: grant_in(transaction, kept),
        event=event_of(
            change,
            "grant.add",
            str(kept.subject),
            project=pattern if is_exact(pattern) else "",
            after={"role": kept.role.value, "pattern": pattern},
        ),
        refusal=NoSuchAccount(f"There is no {kept.subject}."),
    )
    return kept


def grant_in(transaction: TransactWrite, given: Grant) -> None:
    """Add a grant, whose pattern is normalised, to a transaction."""
    index, subject = options().index, given.subject
    if is_exact(given.pattern):
        transaction.save(
            ProjectRoleRow(
                roles_of(index, subject),
                given.pattern,
                lookup_pk=roles_on(index, given.pattern),
                lookup_sk=str(subject),
                role=given.role.value,
            )
        )
    else:
        transaction.save(RuleRow(RULES, rule_key(index, subject, given.pattern), role=given.role.value))


def found_in(transaction: TransactWrite, project: str, user: str) -> None:
    """Make a user the maintainer of a project that begins with their upload, in the transaction that lists it."""
    grant_in(transaction, Grant(subject=Subject(SubjectKind.USER, user), pattern=project, role=Role.MAINTAINER))


def ungrant(subject: Subject, pattern: str, *, change: Change) -> None:
    """Take a role away.

    Raises:
        BadPattern: the pattern covers no project name.
        NoSuchAccount: the subject was granted nothing on this very pattern.
    """
    pattern = normalized(pattern)
    index = options().index

    def fill(transaction: TransactWrite) -> None:
        if is_exact(pattern):
            transaction.delete(ProjectRoleRow(roles_of(index, subject), pattern), ProjectRoleRow.pk.exists())
        else:
            transaction.delete(RuleRow(RULES, rule_key(index, subject, pattern)), RuleRow.pk.exists())

    commit(
        fill,
        event=event_of(
            change,
            "grant.remove",
            str(subject),
            project=pattern if is_exact(pattern) else "",
            before={"pattern": pattern},
        ),
        refusal=NoSuchAccount(f"{subject} was granted nothing on {pattern}."),
    )


def all_but_few_taken(project: str, *, change: Change) -> tuple[Grant, ...]:
    """Return the roles on a project by its name that one transaction can take away, after taking those beyond."""
    given = tuple(read.grants_on(project))
    for each in given[MOST_TAKEN:]:
        ungrant(each.subject, project, change=change)
    return given[:MOST_TAKEN]


def take_in(transaction: TransactWrite, given: Iterable[Grant]) -> None:
    """Take roles on single projects away, in the transaction that deletes their project."""
    for each in given:
        transaction.delete(ProjectRoleRow(roles_of(options().index, each.subject), each.pattern))


def check_subject(subject: Subject) -> None:
    """Return if there is such a user, group or publisher.

    Raises:
        NoSuchAccount: there is not.
    """
    known = {SubjectKind.USER: read.user, SubjectKind.GROUP: read.group, SubjectKind.PUBLISHER: publisher_standing}
    if subject != EVERYONE and not (subject.name and known[subject.kind](subject.name)):
        raise NoSuchAccount(f"There is no {subject.kind.value} named {subject.name[:80]!a}; create it first.")
