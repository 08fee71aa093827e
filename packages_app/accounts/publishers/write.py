"""Makes publishers and removes them, each by one conditional, audited transaction."""

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from pynamodb.expressions import update
from pynamodb.transactions import TransactWrite

from packages_app.accounts import grants
from packages_app.accounts import read as accounts
from packages_app.accounts.entries import Grant, Subject
from packages_app.accounts.errors import AccountChanged, NoSuchAccount
from packages_app.accounts.models import PUBLISHERS
from packages_app.accounts.patterns import is_exact
from packages_app.accounts.publishers import read
from packages_app.accounts.publishers.entries import Pipeline, Publisher
from packages_app.accounts.publishers.errors import BadPublisher
from packages_app.accounts.publishers.kinds import kind
from packages_app.accounts.publishers.models import PublisherRow, digest, publishers_at
from packages_app.accounts.roles import Action, Role
from packages_app.accounts.tokens import read as tokens
from packages_app.accounts.tokens.write import revoke
from packages_app.accounts.transact import commit, event_of
from packages_app.catalogue.entries import Change
from packages_app.catalogue.read import microseconds

LONGEST_WORDS = 40
DIGITS = 12
"""Of an id: characters that say which repository it is, and digits of a digest of all of it."""


def trust(pipeline: Pipeline, pattern: str, *, change: Change) -> Publisher:
    """Make a pipeline, whose fields are normalised, an uploader of what a normalised pattern covers; again is fine.

    Raises:
        BadPublisher: its repository has too many.
        AccountChanged: others make and remove the publisher at this very moment.
    """
    try:
        return trust_as_read(pipeline, pattern, change=change)
    except AccountChanged:
        # Somebody else made or removed it since it was looked for, as scripts do that trust one with many projects.
        return trust_as_read(pipeline, pattern, change=change)


def trust_as_read(pipeline: Pipeline, pattern: str, *, change: Change) -> Publisher:
    """Trust a pipeline if it still is known, or is not, as a look says first.

    Raises:
        BadPublisher: its repository has too many.
        AccountChanged: it is not so any more.
    """
    now = datetime.now(UTC)
    wanted = Publisher(
        id=id_of(pipeline), pipeline=pipeline, about=read.about(pipeline), creator=change.actor, created=now
    )
    known = read.publisher(wanted.id)
    if known is None and len(read.publishers_of(pipeline.issuer, place(pipeline))) >= read.MOST:
        raise BadPublisher(f"{place(pipeline)} has {read.MOST} publishers, and takes no more; remove some.")
    given = Grant(subject=wanted.subject, pattern=pattern, role=role_beside(wanted, pattern))

    def fill(transaction: TransactWrite) -> None:
        if known is None:
            transaction.save(row_of(wanted), PublisherRow.pk.does_not_exist())
        else:
            transaction.condition_check(PublisherRow, PUBLISHERS, wanted.id, PublisherRow.pk.exists())
        grants.grant_in(transaction, given)

    commit(
        fill,
        event=event_of(
            change,
            "publisher.trust",
            wanted.name,
            project=pattern if is_exact(pattern) else "",
            after={"pattern": pattern, "role": given.role.value, "pipeline": wanted.about, "issuer": pipeline.issuer},
        ),
        refusal=AccountChanged("Somebody else changed this publisher at the same moment; try again."),
    )
    return wanted if known is None else known


def role_beside(wanted: Publisher, pattern: str) -> Role:
    """Return the role that a publisher has on a pattern, if it may upload by that one; otherwise an uploader's."""
    held = (given.role for given in accounts.grants_of(wanted.subject) if given.pattern == pattern)
    return next((role for role in held if Action.UPLOAD in role.actions), Role.UPLOADER)


def revoke_all(name: str, *, change: Change) -> int:
    """Revoke every good token of a publisher, so that it stays refused where it is trusted again; return how many."""
    revoked, cursor, last = 0, "", False
    while not last:
        page = tokens.page_of(name, cursor)
        for token in page.tokens:
            if token.state == "active":
                revoke(token, change=change)
                revoked += 1
        # They are listed from the newest on, and all live equally long.
        cursor, last = page.next, not page.next or page.tokens[-1].state == "expired"
    return revoked


def remove(found: Publisher, *, change: Change) -> None:
    """Remove a publisher, so that it is given no token, revoke those it has, and take its roles away.

    Raises:
        NoSuchAccount: it is no more.
    """
    commit(
        lambda transaction: transaction.delete(PublisherRow(PUBLISHERS, found.id), PublisherRow.pk.exists()),
        event=event_of(
            change,
            "publisher.remove",
            found.name,
            before={"pipeline": found.about, "issuer": found.pipeline.issuer, "pinned": found.pinned},
        ),
        refusal=NoSuchAccount(f"There is no publisher {found.id}."),
    )
    remove_rest(found.subject, change=change)


def remove_rest(subject: Subject, *, change: Change) -> bool:
    """Revoke the tokens and take the roles that a publisher left, and return whether there were any.

    Roles that stayed would be those of a pipeline that is trusted again.
    """
    revoked, left = revoke_all(str(subject), change=change), list(accounts.grants_of(subject))
    for given in left:
        with suppress(NoSuchAccount):  # somebody else took it this moment
            grants.ungrant(subject, given.pattern, change=change)
    return bool(revoked or left)


def exchange_in(transaction: TransactWrite, found: Publisher, pinned: str) -> Publisher:
    """Note in a transaction that a publisher is used, and the ids it has; it fails if the publisher is another now."""
    now = datetime.now(UTC)
    known = PublisherRow.pinned == found.pinned if found.pinned else PublisherRow.pinned.does_not_exist()
    actions: list[update.Action] = [PublisherRow.used_at.set(microseconds(now))]
    if pinned and not found.pinned:
        actions.append(PublisherRow.pinned.set(pinned))
    transaction.update(PublisherRow(PUBLISHERS, found.id), actions=actions, condition=PublisherRow.pk.exists() & known)
    return replace(found, last_used=now, pinned=found.pinned or pinned)


def id_of(pipeline: Pipeline) -> str:
    """Return a pipeline's id: the same whoever names it, readable, and told from others by a digest of all of it."""
    words = re.sub(r"[^a-z0-9]+", "-", place(pipeline).lower())[:LONGEST_WORDS].strip("-")
    whole = digest(pipeline.kind, pipeline.issuer, written(pipeline))[:DIGITS]
    return f"{words}-{whole}" if words else whole


def place(pipeline: Pipeline) -> str:
    """Return what publishers are looked up by, such as the repository."""
    return pipeline.fields[kind(pipeline.kind).fields[0].name]


def row_of(wanted: Publisher) -> PublisherRow:
    """Return a new publisher as its item."""
    pipeline = wanted.pipeline
    return PublisherRow(
        PUBLISHERS,
        wanted.id,
        lookup_pk=publishers_at(pipeline.issuer, place(pipeline)),
        lookup_sk=wanted.id,
        kind=pipeline.kind,
        issuer=pipeline.issuer,
        fields=written(pipeline),
        creator=wanted.creator or None,
        created_at=microseconds(wanted.created),
    )


def written(pipeline: Pipeline) -> str:
    """Return a pipeline's fields as they are kept."""
    return json.dumps(dict(pipeline.fields), sort_keys=True, ensure_ascii=False)
