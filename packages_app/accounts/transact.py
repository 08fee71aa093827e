"""One change of accounts as one transaction: what changed, and the audit event."""

from collections.abc import Callable

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from packages_app.accounts import rules
from packages_app.audit.entries import Event
from packages_app.audit.write import record_in
from packages_app.catalogue import transact
from packages_app.catalogue.entries import Change
from packages_app.catalogue.errors import Busy
from packages_app.errors import PackagesError
from packages_app.tables.base import connection
from packages_app.tables.outcomes import failed_conditions, is_conflict, reported

Beside = Callable[[TransactWrite], None]
"""What else to write in the same transaction."""


def commit(fill: Callable[[TransactWrite], None], *, event: Event, refusal: PackagesError) -> None:
    """Write what ``fill`` adds, together with the event; ``refusal`` is raised if a condition of it failed.

    Raises:
        Busy: others change the same items over and over.
    """
    for _ in transact.waits():
        try:
            with reported(), TransactWrite(connection=connection()) as transaction:
                fill(transaction)
                record_in(transaction, event)
        except TransactWriteError as error:
            if is_conflict(error):
                continue
            if not any(failed_conditions(error)):
                raise
            raise refusal from error
        finally:
            rules.forget()
        return
    raise Busy("Others change the same account at the same time; try again in a moment.")


def event_of(
    change: Change,
    action: str,
    target: str,
    *,
    project: str = "",
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> Event:
    """Return the audit event of a change of accounts, which mostly is of no project."""
    return transact.event_of(change, action, project, target, before=before, after=after)
