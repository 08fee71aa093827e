"""Hands a role on one project over: whoever had it has it no more, and somebody else has it instead."""

from packages_app.accounts import administer, read
from packages_app.accounts.entries import Grant, Principal, Subject
from packages_app.accounts.errors import BadAccount, NoSuchAccount


def hand_over(project: str, giver: Subject, taker: Subject, who: Principal, *, source: str) -> Grant:
    """Grant ``taker`` the role that ``giver`` has on the project by its name, then take it from the giver.

    In this order nobody is ever without a maintainer; cut off in between, both have the role.

    Raises:
        Forbidden: the caller may not share the project.
        BadAccount: both are the same.
        NoSuchAccount: the giver has no role on the project by its name, or there is no such taker.
    """
    if giver == taker:
        raise BadAccount("Name two different users or groups: a role is handed from one to the other.")
    administer.demand_sharing(who, project, None)
    held = next((given for given in read.grants_on(project) if given.subject == giver), None)
    if held is None:
        raise NoSuchAccount(f"{giver} was granted nothing on {project} by its name.")
    kept = administer.grant(Grant(subject=taker, pattern=project, role=held.role), who, source=source)
    administer.ungrant(giver, project, who, source=source)
    return kept
