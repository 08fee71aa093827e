"""Hands a role on one project over: whoever had it has it no more, and somebody else has it instead."""

from packages_app.accounts import grants, read
from packages_app.accounts.entries import Grant, Subject
from packages_app.accounts.errors import BadAccount, NoSuchAccount
from packages_app.catalogue.entries import Change


def hand_over(project: str, giver: Subject, taker: Subject, *, change: Change) -> Grant:
    """Grant ``taker`` the role that ``giver`` has on the project by its name, then take it from the giver.

    In this order nobody is ever without a maintainer; cut off in between, both have the role.

    Raises:
        BadAccount: both are the same.
        NoSuchAccount: the giver has no role on the project by its name, or there is no such taker.
    """
    if giver == taker:
        raise BadAccount("Name two different users or groups: a role is handed from one to the other.")
    held = next((given for given in read.grants_on(project) if given.subject == giver), None)
    if held is None:
        raise NoSuchAccount(f"{giver} was granted nothing on {project} by its name.")
    kept = grants.grant(Grant(subject=taker, pattern=project, role=held.role), change=change)
    grants.ungrant(giver, project, change=change)
    return kept
