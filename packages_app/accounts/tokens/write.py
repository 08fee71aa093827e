"""Makes tokens and revokes them, each by one conditional, audited transaction; notes when one was used."""

import ipaddress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import UpdateError
from pynamodb.transactions import TransactWrite

from packages_app.accounts.entries import publisher_in
from packages_app.accounts.errors import BadAccount, NoSuchAccount
from packages_app.accounts.patterns import normalized
from packages_app.accounts.roles import Action
from packages_app.accounts.rules import standing_of
from packages_app.accounts.tokens import text
from packages_app.accounts.tokens.entries import Token
from packages_app.accounts.tokens.models import TOKENS, TokenRow, tokens_of
from packages_app.accounts.tokens.read import kept
from packages_app.accounts.transact import Beside, commit, event_of
from packages_app.catalogue.entries import Change
from packages_app.catalogue.read import microseconds
from packages_app.errors import PackagesError
from packages_app.tables.outcomes import reported

KEPT, KEPT_OF_PUBLISHER = timedelta(days=90), timedelta(days=7)
"""How long a token stays listed after its end; pipelines are given one at each run."""
BETWEEN = timedelta(hours=1)
"""How far apart two notes of a token's use are, at least."""
LONGEST_LIFE = timedelta(days=36525)
LONGEST, MOST = 200, 50
"""Characters of a description; patterns or networks of one token."""


def create(
    owner: str,
    *,
    description: str = "",
    actions: frozenset[Action] = frozenset({Action.READ}),
    patterns: tuple[str, ...] = ("*",),
    networks: tuple[str, ...] = (),
    expires: datetime | None = None,
    change: Change,
    beside: Beside | None = None,
    refusal: PackagesError | None = None,
) -> tuple[Token, str]:
    """Make a token, and return it with its text, which is never shown again.

    ``beside`` is what else to write in the same transaction, and ``refusal`` what to raise when that cannot be.

    Raises:
        NoSuchAccount: there is no such owner, or a disabled one.
        BadPattern: a pattern covers no project name.
        BadAccount: anything else of it cannot be like this.
    """
    standing = standing_of(owner)
    if standing is None or standing.disabled:
        raise NoSuchAccount(f"There is no user {owner[:80]!a} who could use a token.")
    now, made = datetime.now(UTC), text.make()
    token = Token(
        id=made.id,
        owner=owner,
        description=description.strip(),
        actions=actions,
        patterns=tuple(sorted({normalized(pattern) for pattern in patterns})),
        networks=tuple(network_of(network) for network in networks),
        created=now,
        expires=expires,
    )
    check(token, now)
    row = row_of(token, made.digest)

    def fill(transaction: TransactWrite) -> None:
        transaction.save(row, TokenRow.pk.does_not_exist())
        if beside is not None:
            beside(transaction)

    commit(
        fill,
        event=event_of(change, "token.create", token.id, after=told(token)),
        refusal=refusal or BadAccount("This token could not be made; try again."),
    )
    return token, made.whole


def revoke(token: Token, *, change: Change) -> Token:
    """Let a token be refused from now on, here at once and elsewhere within ``rules.SECONDS``; again is fine.

    Raises:
        NoSuchAccount: there is no such token any more.
    """
    if token.revoked is not None:
        return token
    now = datetime.now(UTC)
    commit(
        lambda transaction: transaction.update(
            TokenRow(TOKENS, token.id),
            [TokenRow.revoked_at.set(microseconds(now)), TokenRow.expires.set(now + kept_for(token))],
            condition=TokenRow.pk.exists(),
        ),
        event=event_of(change, "token.revoke", token.id, before=told(token)),
        refusal=NoSuchAccount(f"There is no token {token.id}."),
    )
    kept.forget()
    return replace(token, revoked=now)


def note_use(id_: str) -> None:
    """Note that a token is used, unless that was noted less than an hour ago."""
    now = datetime.now(UTC)
    with reported():
        try:
            TokenRow(TOKENS, id_).update(
                [TokenRow.used_at.set(microseconds(now))],
                condition=TokenRow.pk.exists()
                & (TokenRow.used_at.does_not_exist() | (TokenRow.used_at < microseconds(now - BETWEEN))),
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def check(token: Token, now: datetime) -> None:
    """Return if a token can be like this.

    Raises:
        BadAccount: it cannot; the sentence says why.
    """
    if not token.actions or not token.patterns:
        raise BadAccount("A token needs at least one action and one project or pattern, or it could do nothing.")
    if len(token.patterns) > MOST or len(token.networks) > MOST:
        raise BadAccount(f"A token takes at most {MOST} patterns and {MOST} networks; make several tokens.")
    if len(token.description) > LONGEST or not token.description.isprintable():
        raise BadAccount(f"A description has at most {LONGEST} printable characters.")
    if token.expires is not None and token.expires <= now:
        raise BadAccount("The token would have expired already; choose a time to come.")
    if token.expires is not None and token.expires > now + LONGEST_LIFE:
        raise BadAccount("A token expires within a hundred years, or never.")


def network_of(network: str) -> str:
    """Return a network in CIDR notation as it is kept.

    Raises:
        BadAccount: it is none.
    """
    try:
        return str(ipaddress.ip_network(network.strip()))
    except ValueError:
        raise BadAccount(
            f"{network[:80]!a} is no network: write one in CIDR notation, such as 192.0.2.0/24 or 2001:db8::/32."
        ) from None


def kept_for(token: Token) -> timedelta:
    """Return how long a token stays listed after its end."""
    return KEPT_OF_PUBLISHER if publisher_in(token.owner) else KEPT


def row_of(token: Token, digest: str) -> TokenRow:
    """Return a new token as its item."""
    created = microseconds(token.created)
    return TokenRow(
        TOKENS,
        token.id,
        lookup_pk=tokens_of(token.owner),
        lookup_sk=f"{created:017d}#{token.id}",
        owner=token.owner,
        description=token.description or None,
        sha256=digest,
        actions=" ".join(sorted(action.value for action in token.actions)),
        patterns=" ".join(token.patterns),
        networks=" ".join(token.networks) or None,
        created_at=created,
        expires_at=microseconds(token.expires) if token.expires else None,
        expires=token.expires + kept_for(token) if token.expires else None,
    )


def told(token: Token) -> dict[str, str]:
    """Return what the audit trail keeps of a token: nothing of its secret."""
    return {
        "owner": token.owner,
        "description": token.description,
        "actions": " ".join(sorted(action.value for action in token.actions)),
        "patterns": " ".join(token.patterns),
        "networks": " ".join(token.networks),
        "expires": token.expires.isoformat() if token.expires else "",
    }
