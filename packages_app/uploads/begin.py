"""What is special about the first upload of a project: who may begin one, and what they become to it."""

from collections.abc import Callable
from functools import partial

from pynamodb.transactions import TransactWrite

from packages_app.accounts.entries import Principal
from packages_app.accounts.grants import found_in
from packages_app.accounts.permissions import demand_first_upload, founds_nothing
from packages_app.catalogue import read
from packages_app.catalogue.transact import Guard
from packages_app.conf import FirstUpload, options


def check_begin(project: str, who: Principal) -> None:
    """Refuse early an upload that would begin a project under a name that is not registered.

    Raises:
        Forbidden: the index takes registered names only, and this is none of the caller's.
    """
    if options().first_upload is FirstUpload.REGISTERED and read.project(project) is None:
        demand_first_upload(who, project)


def begins(project: str, who: Principal) -> Callable[[TransactWrite], None] | None:
    """Return what else to write if this upload begins the project: its uploader becomes its maintainer.

    None where there is the project, or where the uploader needs no role on it; a pipeline keeps the one that somebody
    who manages the name gave it, and becomes nothing more. The transaction then demands that it
    is still so: of several who begin a project at once, one does.
    """
    if founds_nothing(who) or who.publishes or read.project(project) is not None:
        return None
    return partial(found_in, project=project, user=who.name)


def guard(project: str) -> Guard | None:
    """Return what must hold beside when an upload begins a project: no index behind this one was seen to have it.

    None where there is the project, or no other index.
    """
    if not options().upstream.urls or read.project(project) is not None:
        return None
    from packages_app.upstream.ownership import unseen  # noqa: PLC0415 - only where there is an upstream

    return unseen(project)
