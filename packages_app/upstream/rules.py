"""Reads and changes the rules about names; each change is audited."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from pynamodb.transactions import TransactWrite

from packages_app.audit.entries import Event
from packages_app.audit.write import record_in
from packages_app.catalogue.entries import Change
from packages_app.catalogue.read import moment
from packages_app.conf import options
from packages_app.tables.base import connection, plain_query
from packages_app.tables.outcomes import reported
from packages_app.upstream.entries import Owner, Rule
from packages_app.upstream.errors import NoSuchRule, Reserved
from packages_app.upstream.models import RuleRow, rules_partition
from packages_app.upstream.patterns import matches, pattern

CACHED = 5.0
"""Seconds for which a process goes by the rules as it read them."""
RESERVATION, OWNER = "R#", "N#"


@dataclass(frozen=True)
class Read:
    """The rules as this process read them last."""

    home: tuple[object, ...]
    at: float
    rules: tuple[Rule, ...]


last: dict[str, Read] = {}
reading = Lock()


def known(*, now: bool = False) -> tuple[Rule, ...]:
    """Return every rule, as of ``now`` or a few seconds ago at most; one query, none where the last is recent."""
    chosen = options()
    home = (chosen.table, chosen.data, chosen.upstream.reserved)
    with reading:
        found = last.get(chosen.index)
        if now or found is None or found.home != home or not 0 <= time.monotonic() - found.at < CACHED:
            at = time.monotonic()
            found = last[chosen.index] = Read(home, at, (*configured(), *written()))
    return found.rules


def configured() -> Iterator[Rule]:
    """Yield the reservations of the configuration, which hold before anything was written."""
    for text in options().upstream.reserved:
        yield Rule(pattern=pattern(text), owner=None, reason="PYPI_UPSTREAM_RESERVED", actor="", at=None)


def written() -> Iterator[Rule]:
    """Yield the rules of the catalogue."""
    with reported():
        for found in plain_query(rules_partition(options().index), RuleRow.sk > "#"):
            yield Rule(
                pattern=found["sk"][2:],
                owner=Owner(found["owner"]) if found["sk"].startswith(OWNER) else None,
                reason=found.get("reason", ""),
                actor=found.get("actor", ""),
                at=moment(int(found["decided_at"])),
            )


def reserve(text: str, reason: str, change: Change) -> str:
    """Reserve the names of a pattern, and return it: from then on they are never looked up elsewhere.

    Raises:
        BadPattern: it is none.
    """
    wanted = pattern(text)
    write(row(RESERVATION, wanted, None, reason, change), "upstream.reserve", change)
    return wanted


def override(text: str, owner: Owner, reason: str, change: Change) -> str:
    """Let the names of a pattern come from somewhere else than they would by themselves, and return the pattern.

    Raises:
        BadPattern: it is none.
        Reserved: the name may not leave the building.
    """
    wanted = pattern(text)
    if owner is not Owner.LOCAL:
        for rule in (*configured(), *written()):
            if rule.owner is None and matches(rule.pattern, wanted):
                raise Reserved(
                    f"{wanted} is reserved by {rule.pattern} and never looked up elsewhere; "
                    "take the reservation back first if that is wrong."
                )
    write(row(OWNER, wanted, owner, reason, change), "upstream.override", change)
    return wanted


def claim(name: str, reason: str, change: Change) -> str:
    """Make a name this index's own, also where it was first seen upstream.

    Raises:
        BadPattern: it is none.
    """
    return override(name, Owner.LOCAL, reason, change)


def release(text: str, change: Change) -> str:
    """Take every rule of exactly this pattern back, and return the pattern.

    Raises:
        BadPattern: it is none.
        NoSuchRule: the catalogue has none.
    """
    wanted = pattern(text)
    found = [rule for rule in written() if rule.pattern == wanted]
    if not found:
        raise NoSuchRule(f"No rule was written for {wanted}; `manage.py upstream rules` lists those there are.")
    for rule in found:
        kind = RESERVATION if rule.owner is None else OWNER
        event = event_of("upstream.release", change, wanted, before=said(rule.owner, rule.reason), after={})
        with reported(), TransactWrite(connection=connection()) as transaction:
            transaction.delete(RuleRow(rules_partition(options().index), kind + wanted))
            record_in(transaction, event)
    last.clear()
    return wanted


def row(kind: str, wanted: str, owner: Owner | None, reason: str, change: Change) -> RuleRow:
    """Return a rule as its item, of now."""
    return RuleRow(
        rules_partition(options().index),
        kind + wanted,
        owner=owner.value if owner else None,
        reason=reason,
        actor=change.actor,
        decided_at=time.time_ns() // 1000,
    )


def write(made: RuleRow, action: str, change: Change) -> None:
    """Write a rule and its trace together; it replaces one of the same kind and pattern."""
    wanted = made.sk[2:]
    replaced = next(
        (rule for rule in written() if (rule.owner is None) == (made.owner is None) and rule.pattern == wanted), None
    )
    before = said(replaced.owner, replaced.reason) if replaced else {}
    after = said(Owner(made.owner) if made.owner else None, made.reason)
    with reported(), TransactWrite(connection=connection()) as transaction:
        transaction.save(made)
        record_in(transaction, event_of(action, change, wanted, before=before, after=after))
    last.clear()


def said(owner: Owner | None, reason: str) -> dict[str, str]:
    """Return what a rule says, as the audit trail keeps it."""
    return {"owner": owner.value if owner else "reserved", "reason": reason}


def event_of(action: str, change: Change, target: str, *, before: dict[str, str], after: dict[str, str]) -> Event:
    """Return the audit event of a change of the rules."""
    return Event(
        action=action,
        actor=change.actor,
        address=change.address,
        source=change.source,
        target=target,
        before=before,
        after=after,
    )
