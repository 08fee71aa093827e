"""Reads the audit trail for who may see it: administrators all, maintainers that of their projects, users their own."""

from datetime import datetime

from packages_app.accounts.entries import Principal
from packages_app.accounts.permissions import Action, demand
from packages_app.audit import read
from packages_app.audit.entries import Trail


def trail(
    who: Principal,
    *,
    project: str = "",
    actor: str = "",
    target: str = "",
    since: datetime = read.BEGINNING,
    until: datetime | None = None,
    cursor: str = "",
    limit: int = 50,
) -> Trail:
    """Return a page of events, the newest first: of a project, of a target outside projects, by an actor, or all.

    Raises:
        Forbidden: ``who`` may not see them.
        NoSuchProject: ``who`` may not know of the project.
        BadCursor: the cursor comes from no page before.
    """
    if project:
        demand(who, Action.MANAGE, project)
    elif target or not actor or actor != who.name or who.limits is not None:
        # A token sees no more of its owner than what it was made for.
        demand(who, Action.ADMINISTER)
    return read.trail(project=project, actor=actor, target=target, since=since, until=until, cursor=cursor, limit=limit)
