"""What people do to accounts, each allowed or refused in this one place: users, groups, roles.

Administrators of the whole index make users and groups and grant on patterns; whoever manages a project grants roles
on it. Changes themselves are in `write` and `grants`.
"""

from packages_app.accounts import grants, read, write
from packages_app.accounts.entries import Grant, Group, Principal, Subject, User
from packages_app.accounts.errors import BadAccount, NoSuchAccount
from packages_app.accounts.patterns import is_exact, normalized
from packages_app.accounts.permissions import Action, demand
from packages_app.accounts.roles import Role

YOURSELF = "You cannot disable yourself or stop being an administrator; let another one do it."


def user(name: str, who: Principal) -> User:
    """Return a user whom the caller may look at: themselves, or anybody for an administrator.

    Raises:
        Forbidden: the caller may not.
        NoSuchAccount: there is no such user.
    """
    if name != who.name or who.limits is not None:
        demand(who, Action.ADMINISTER)
    found = read.user(name)
    if found is None:
        raise NoSuchAccount(f"There is no user named {name[:80]!a}.")
    return found


def create_user(wanted: User, password: str | None, who: Principal, *, source: str) -> User:
    """Make a user.

    Raises:
        Forbidden: the caller is no administrator.
        BadAccount: the user cannot be like this.
        AccountExists: there is one of this name.
    """
    demand(who, Action.ADMINISTER)
    return write.create_user(wanted, password=password, change=who.change(source))


def change_user(before: User, after: User, who: Principal, *, source: str) -> User:
    """Change a user from what the caller last saw.

    Raises:
        Forbidden: the caller is no administrator.
        BadAccount: the user cannot be like this, or the caller would lock themselves out.
        AccountChanged: somebody else changed it meanwhile.
    """
    demand(who, Action.ADMINISTER)
    less = after.disabled or (before.administrator and not after.administrator)
    if less and before.name == who.name and not who.trusted:
        raise BadAccount(YOURSELF)
    return write.change_user(before, after, change=who.change(source))


def set_password(before: User, password: str | None, who: Principal, *, source: str) -> User:
    """Give a user another password, or none; it ends all their browser sessions.

    Raises:
        Forbidden: the caller is neither an administrator nor the user.
        BadAccount: the password cannot be this.
        AccountChanged: somebody else changed the user meanwhile.
    """
    if before.name != who.name or who.limits is not None:
        demand(who, Action.ADMINISTER)
    return write.set_password(before, password, change=who.change(source))


def create_group(wanted: Group, who: Principal, *, source: str) -> None:
    """Make a group.

    Raises:
        Forbidden: the caller is no administrator.
        BadAccount: its name cannot be this.
        AccountExists: there is one of this name.
    """
    demand(who, Action.ADMINISTER)
    write.create_group(wanted, change=who.change(source))


def delete_group(name: str, who: Principal, *, source: str) -> None:
    """Remove a group that nobody is in and that was granted nothing.

    Raises:
        Forbidden: the caller is no administrator.
        NoSuchAccount: there is no such group.
        BadAccount: it is still in use.
    """
    demand(who, Action.ADMINISTER)
    write.delete_group(name, change=who.change(source))


def grant(wanted: Grant, who: Principal, *, source: str) -> Grant:
    """Grant a role on a project or on a pattern, and return it as it is kept.

    Raises:
        Forbidden: the caller may not share this.
        NoSuchProject: the caller may not even read the project.
        BadPattern: the pattern covers no project name.
        NoSuchAccount: there is no such user or group.
    """
    demand_sharing(who, wanted.pattern, wanted.role)
    return grants.grant(wanted, change=who.change(source))


def ungrant(subject: Subject, pattern: str, who: Principal, *, source: str) -> None:
    """Take a role away.

    Raises:
        Forbidden: the caller may not share this.
        NoSuchProject: the caller may not even read the project.
        BadPattern: the pattern covers no project name.
        NoSuchAccount: the subject has no role on this very pattern.
    """
    demand_sharing(who, pattern, None)
    grants.ungrant(subject, pattern, change=who.change(source))


def demand_sharing(who: Principal, pattern: str, role: Role | None) -> None:
    """Return if the caller may grant on this pattern; nobody makes an administrator but administrators."""
    kept = normalized(pattern)
    if not is_exact(kept):
        demand(who, Action.ADMINISTER)
        return
    demand(who, Action.MANAGE, kept)
    if role is Role.ADMINISTRATOR:
        demand(who, Action.ADMINISTER, kept)
