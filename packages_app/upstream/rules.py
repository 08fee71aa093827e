"""Reads and changes the rules about names; each change is audited."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from packages_app.audit.write import record_in
from packages_app.catalogue.entries import Change
from packages_app.catalogue.errors import Busy
from packages_app.catalogue.read import moment
from packages_app.catalogue.transact import event_of, waits
from packages_app.conf import options
from packages_app.tables.base import connection, plain_item, plain_query
from packages_app.tables.outcomes import failed_conditions, is_conflict, reported
from packages_app.upstream.entries import Owner, Rule
from packages_app.upstream.errors import NoSuchRule, Reserved
from packages_app.upstream.models import RuleRow, rules_partition
from packages_app.upstream.patterns import matches, pattern

CACHED = 5.0
"""Seconds for which a process goes by the rules as it read them."""
RESERVATION, OWNER = "R#", "N#"
Item = dict[str, Any]
"""A rule as the catalogue holds it."""


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
    return map(rule_of, items())


def items() -> Iterator[Item]:
    """Yield the rules of the catalogue as its items."""
    with reported():
        yield from plain_query(rules_partition(options().index), RuleRow.sk > "#")


def rule_of(item: Item) -> Rule:
    """Return what an item says."""
    return Rule(
        pattern=item["sk"][2:],
        owner=Owner(item["owner"]) if item["sk"].startswith(OWNER) else None,
        reason=item.get("reason", ""),
        actor=item.get("actor", ""),
        at=moment(int(item["decided_at"])),
    )


def reserve(text: str, reason: str, change: Change) -> Rule:
    """Reserve the names of a pattern: from then on they are never looked up elsewhere.

    Raises:
        BadPattern: it is none.
        Busy: others change the rules over and over.
    """
    return write(pattern(text), None, reason, change)


def override(text: str, owner: Owner, reason: str, change: Change) -> Rule:
    """Let the names of a pattern come from somewhere else than they would by themselves.

    Raises:
        BadPattern: it is none.
        Reserved: the name may not leave the building.
        Busy: others change the rules over and over.
    """
    wanted = pattern(text)
    if owner is not Owner.LOCAL:
        for rule in (*configured(), *written()):
            if rule.owner is None and matches(rule.pattern, wanted):
                raise Reserved(
                    f"{wanted} is reserved by {rule.pattern} and never looked up elsewhere; "
                    "take the reservation back first if that is wrong."
                )
    return write(wanted, owner, reason, change)


def claim(name: str, reason: str, change: Change) -> Rule:
    """Make a name this index's own, also where it was first seen upstream.

    Raises:
        BadPattern: it is none.
        Busy: others change the rules over and over.
    """
    return override(name, Owner.LOCAL, reason, change)


def release(text: str, change: Change) -> str:
    """Take every rule of exactly this pattern back, and return the pattern.

    Raises:
        BadPattern: it is none.
        NoSuchRule: the catalogue has none.
        Busy: others change the rules over and over.
    """
    wanted = pattern(text)

    def fill(transaction: TransactWrite) -> Rule:
        found = [item for item in items() if item["sk"][2:] == wanted]
        if not found:
            raise no_such_rule(wanted)
        for item in found:
            transaction.delete(RuleRow(item["pk"], item["sk"]), condition=as_read(item))
            before = said(rule_of(item))
            record_in(transaction, event_of(change, "upstream.release", "", wanted, before=before))
        return rule_of(found[0])

    return commit(fill).pattern


def no_such_rule(wanted: str) -> NoSuchRule:
    """Return the refusal to take back what nobody wrote."""
    if any(rule.pattern == wanted for rule in configured()):
        return NoSuchRule(
            f"{wanted} is reserved by the setting PYPI_UPSTREAM_RESERVED; only this index's operator can change that."
        )
    return NoSuchRule(
        f"No rule was written for {wanted}; `manage.py upstream rules` and /api/upstream/rules list those there are."
    )


def write(wanted: str, owner: Owner | None, reason: str, change: Change) -> Rule:
    """Write a rule with its trace, and return it; it replaces the one of the same kind and pattern.

    Raises:
        Busy: others change the rules over and over.
    """
    partition, key = rules_partition(options().index), (RESERVATION if owner is None else OWNER) + wanted
    action = "upstream.reserve" if owner is None else "upstream.override"

    def fill(transaction: TransactWrite) -> Rule:
        with reported():
            replaced = plain_item(partition, key)
        # Above the one before whatever this clock says, so that it tells one state of a rule from another.
        at = max(time.time_ns() // 1000, int(replaced["decided_at"]) + 1 if replaced else 0)
        made = Rule(pattern=wanted, owner=owner, reason=reason, actor=change.actor, at=moment(at))
        row = RuleRow(
            partition, key, owner=owner.value if owner else None, reason=reason, actor=change.actor, decided_at=at
        )
        transaction.save(row, condition=as_read(replaced))
        before = said(rule_of(replaced)) if replaced else {}
        record_in(transaction, event_of(change, action, "", wanted, before=before, after=said(made)))
        return made

    return commit(fill)


def commit(fill: Callable[[TransactWrite], Rule]) -> Rule:
    """Write what ``fill`` reads and adds; it is called again when somebody else changed what it read.

    Raises:
        Busy: others change the rules over and over.
    """
    for _ in waits():
        try:
            with reported(), TransactWrite(connection=connection()) as transaction:
                changed = fill(transaction)
        except TransactWriteError as error:
            if not (is_conflict(error) or any(failed_conditions(error))):
                raise
        else:
            return changed
        finally:
            last.clear()
    raise Busy("Others change the rules about names at the same time; try again in a moment.")


def as_read(item: Item | None) -> Condition:
    """Return the condition that a rule is still the one that was read, or still none."""
    if item is None:
        absent: Condition = RuleRow.pk.does_not_exist()
        return absent
    same: Condition = RuleRow.decided_at == int(item["decided_at"])
    return same


def said(rule: Rule) -> dict[str, str]:
    """Return what a rule says, as the audit trail keeps it."""
    return {"owner": rule.owner.value if rule.owner else "reserved", "reason": rule.reason}
