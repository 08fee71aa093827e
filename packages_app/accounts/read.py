"""Reads users, groups and grants; each list is a query that goes on where the page before ended."""

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from packages_app.accounts.entries import EVERYONE, Grant, Group, Subject, SubjectKind, User
from packages_app.accounts.models import GROUPS, USERS, GroupRow, UserRow, roles_of, roles_on
from packages_app.accounts.roles import Role
from packages_app.accounts.rules import read_rules
from packages_app.catalogue.read import moment
from packages_app.conf import options
from packages_app.tables.base import plain_item, plain_lookup, plain_query
from packages_app.tables.outcomes import reported

PAGE = 100
"""Users, or groups, that one request asks for."""
MOST_GRANTS = 100
"""Roles of one user that a page shows."""


def user(name: str) -> User | None:
    """Return a user, by one read; a configured one is there without an item."""
    with reported():
        row = plain_item(USERS, name)
    configured = name in options().users
    if row is None or (not configured and "version" not in row):  # what a user left who was configured once
        return User(name=name, administrator=True, configured=True) if configured else None
    return as_user(row)


def users(after: str = "") -> Iterator[User]:
    """Yield the users behind a name in the order of their names, the configured ones among them, page by page."""
    configured = {name for name in options().users if name > after}
    found = {name: User(name=name, administrator=True, configured=True) for name in configured}
    with reported():
        rows = plain_query(USERS, UserRow.sk > after if after else None, limit=PAGE)
        for row in rows:
            if row["sk"] in configured:
                found[row["sk"]] = as_user(row)
                continue
            for name in sorted(name for name in found if name < row["sk"]):
                yield found.pop(name)
            if "version" in row:
                yield as_user(row)
    for name in sorted(found):
        yield found[name]


def as_user(row: dict[str, Any]) -> User:
    """Return a user's item, as plain values, as other packages see it."""
    name = row["sk"]
    configured = name in options().users
    return User(
        name=name,
        display_name=row.get("display_name", ""),
        email=row.get("email", ""),
        disabled=row.get("disabled", False) and not configured,
        administrator=configured or row.get("administrator", False),
        groups=tuple(row.get("groups", "").split()),
        created=moment(int(row["created_at"])) if "created_at" in row else None,
        updated=moment(int(row["updated_at"])) if "updated_at" in row else None,
        password="" if configured else row.get("password", ""),
        nonce=row.get("nonce", ""),
        version=int(row.get("version", 0)),
        configured=configured,
    )


def group(name: str) -> Group | None:
    """Return a group, by one read."""
    with reported():
        row = plain_item(GROUPS, name)
    return None if row is None else as_group(row)


def groups(after: str = "") -> Iterator[Group]:
    """Yield the groups behind a name in the order of their names, page by page."""
    with reported():
        for row in plain_query(GROUPS, GroupRow.sk > after if after else None, limit=PAGE):
            yield as_group(row)


def as_group(row: dict[str, Any]) -> Group:
    """Return a group's item as other packages see it."""
    return Group(name=row["sk"], description=row.get("description", ""))


def members() -> dict[str, list[str]]:
    """Return the users who were put into each group that has any, by one query."""
    found: dict[str, list[str]] = {}
    for name, standing in sorted(read_rules().standings.items(), key=itemgetter(0)):
        for group_name in standing.groups:
            found.setdefault(group_name, []).append(name)
    return found


def grants() -> Iterator[Grant]:
    """Yield every grant on a pattern with a star, as the catalogue has them now."""
    for subject, granted in sorted(read_rules().grants.items()):
        for pattern, role in sorted(granted.items()):
            yield Grant(subject=as_subject(subject), pattern=pattern, role=role)


def grants_of(*subjects: Subject) -> Iterator[Grant]:
    """Yield what users or groups were granted, each on patterns and then on single projects."""
    on_patterns = read_rules().grants
    for subject in subjects:
        for pattern, role in sorted(on_patterns.get(str(subject), {}).items()):
            yield Grant(subject=subject, pattern=pattern, role=role)
        with reported():
            for row in plain_query(roles_of(options().index, subject)):
                yield Grant(subject=subject, pattern=row["sk"], role=Role(row["role"]))


def grants_for(name: str, groups: Sequence[str], most: int = MOST_GRANTS) -> list[Grant]:
    """Return what counts for a user, at most so many: their own roles, and those through their groups and everyone."""
    subjects = (Subject(SubjectKind.USER, name), *(Subject(SubjectKind.GROUP, group) for group in groups), EVERYONE)
    return list(islice(grants_of(*subjects), most))


def grants_on(project: str) -> Iterator[Grant]:
    """Yield the grants on one project by its name; one that was made this moment may be missing."""
    with reported():
        for row in plain_lookup(roles_on(options().index, project)):
            yield Grant(subject=as_subject(row["lookup_sk"]), pattern=project, role=Role(row["role"]))


def as_subject(text: str) -> Subject:
    """Return the user or group that a key names."""
    kind, _, name = text.partition(":")
    return Subject(SubjectKind(kind), name)
