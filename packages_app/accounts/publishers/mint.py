"""The journey of a pipeline: it shows its service's token, is found among the publishers, and is given one of ours."""

from datetime import UTC, datetime, timedelta

from pynamodb.transactions import TransactWrite

from packages_app.accounts import throttle
from packages_app.accounts.errors import NoSuchAccount
from packages_app.accounts.oidc.verify import LEEWAY
from packages_app.accounts.publishers import read, write
from packages_app.accounts.publishers.entries import Publisher
from packages_app.accounts.publishers.errors import InvalidPublisher, MintRefused, NotEnabled, ReusedToken
from packages_app.accounts.publishers.kinds import KINDS
from packages_app.accounts.publishers.kinds.base import Claims, Kind, text
from packages_app.accounts.publishers.models import ExchangedRow, digest, exchanged
from packages_app.accounts.publishers.verify import verified
from packages_app.accounts.roles import Action
from packages_app.accounts.tokens.entries import Token
from packages_app.accounts.tokens.write import LONGEST, create
from packages_app.audit.entries import Event
from packages_app.audit.write import record
from packages_app.catalogue.entries import Change

LIFE = timedelta(minutes=15)
ACTIONS = frozenset({Action.READ, Action.UPLOAD})
SOURCE = "trusted publishing"


def mint(shown: str, address: str) -> tuple[Token, str]:
    """Return a token for a pipeline, with its text; what the publisher was granted bounds what it may do.

    Raises:
        NotEnabled: this index trusts no service.
        InvalidToken: what was shown is no good token of a trusted service.
        InvalidPublisher: no publisher here is this pipeline.
        ReusedToken: it was exchanged before.
        ProviderFailed: the service's keys cannot be read.
        TooManyAttempts: too much that came from this address was wrong.
    """
    try:
        name, claims = verified(shown)
        return give(KINDS[name], claims, address)
    except NotEnabled:
        raise
    except MintRefused:
        throttle.credentials_failed(address)
        raise


def give(kind: Kind, claims: Claims, address: str) -> tuple[Token, str]:
    """Return a token for the publisher that claims speak for, whatever else is done to it at the same moment.

    Raises:
        InvalidPublisher: there is none, or its ids are others.
        ReusedToken: the token was exchanged before.
    """
    found = publisher_of(kind, claims)
    check_ids(found, kind, claims, address)
    try:
        return exchange(found, kind, claims, address)
    except (ReusedToken, NoSuchAccount):
        # Somebody may have removed it this moment; or another of its first jobs has bound it to its ids.
        now = publisher_of(kind, claims)
        if now.pinned == found.pinned:
            raise
    check_ids(now, kind, claims, address)
    return exchange(now, kind, claims, address)


def publisher_of(kind: Kind, claims: Claims) -> Publisher:
    """Return the publisher that claims speak for, as the catalogue has it now; one with an environment goes first.

    Raises:
        InvalidPublisher: there is none.
    """
    place = kind.place(claims)
    found = [
        each
        for each in (read.publishers_of(text(claims, "iss"), place) if place else [])
        if each.pipeline.kind == kind.name and kind.names(each.pipeline.fields, claims)
    ]
    chosen = max(found, key=lambda each: len(each.pipeline.fields), default=None)
    now = read.publisher(chosen.id) if chosen is not None else None
    if now is None:
        raise InvalidPublisher(
            f"No publisher of this index is this pipeline of {place[:200]!a}; whoever manages the project can add it. "
            f"Its token says: {told(kind, claims)}"
        )
    return now


def told(kind: Kind, claims: Claims) -> str:
    """Return what a person needs to see of claims to mend a publisher; the service shows them to the job anyway."""
    names = ("sub", "job_workflow_ref", "ci_config_ref_uri", "environment", "event_name")
    said = [f"{name} {text(claims, name)[:200]!a}" for name in names if text(claims, name)]
    return ", ".join(said) + f" ({kind.title})."


def check_ids(found: Publisher, kind: Kind, claims: Claims, address: str) -> None:
    """Return if the repository and its owner are still those that the publisher was first used by.

    A name that was given up can be had by anybody; ids are given once.

    Raises:
        InvalidPublisher: they are others, who have the name now; the trail has it.
    """
    now = ids(kind, claims)
    if not found.pinned or found.pinned == now:
        return
    record(
        Event(
            action="publisher.refuse",
            actor=found.name,
            address=address,
            source=SOURCE,
            target=found.name,
            before={"pinned": found.pinned},
            after={"pinned": now, "run": printable(kind.run(claims))},
        )
    )
    raise InvalidPublisher(
        f"{found.about} is not the one that published here first: its ids were {found.pinned}, and are {now}. If it "
        "was rightly made anew, remove the publisher and add it again."
    )


def ids(kind: Kind, claims: Claims) -> str:
    """Return the ids in claims that never pass to another."""
    return " ".join(f"{name}={printable(str(claims[name])[:40])}" for name in kind.lasting if name in claims)


def printable(said: str) -> str:
    """Return what claims say as it can be kept and shown on a line."""
    return "".join(each if each.isprintable() else " " for each in said)


def exchange(found: Publisher, kind: Kind, claims: Claims, address: str) -> tuple[Token, str]:
    """Make a token for a publisher, once for each token that was shown.

    Raises:
        NoSuchAccount: the publisher is no more.
        ReusedToken: the token was exchanged before, or the publisher changed this moment.
    """
    now = datetime.now(UTC)
    row = ExchangedRow(
        exchanged(text(claims, "iss"), once(claims)),
        "#",
        expires=datetime.fromtimestamp(int(claims["exp"]), UTC) + 2 * timedelta(seconds=LEEWAY),
    )

    def beside(transaction: TransactWrite) -> None:
        # What has expired may still lie there for a while; a token that could be shown again has not.
        transaction.save(row, ExchangedRow.pk.does_not_exist())
        write.exchange_in(transaction, found, ids(kind, claims))

    # What tells the runs apart comes first: the rest may be cut off.
    said = "; ".join(filter(None, (kind.run(claims), found.about)))
    return create(
        found.name,
        description=printable(said)[:LONGEST],
        actions=ACTIONS,
        expires=now + LIFE,
        change=Change(actor=found.name, address=address, source=SOURCE),
        beside=beside,
        refusal=ReusedToken("This token was exchanged before, or at this very moment; have the service make another."),
    )


def once(claims: Claims) -> str:
    """Return what tells one token of a service from all others: its id, or else all that it says."""
    return text(claims, "jti") or digest(repr(sorted(claims.items())))
