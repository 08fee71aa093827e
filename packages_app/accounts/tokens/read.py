"""Reads tokens: one by its id, which each process keeps for some seconds, and lists of them by pages."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from packages_app.accounts.roles import Action
from packages_app.accounts.rules import Kept
from packages_app.accounts.tokens.entries import Page, Token
from packages_app.accounts.tokens.models import TOKENS, TokenRow, tokens_of
from packages_app.catalogue.read import moment
from packages_app.tables.base import plain_item, plain_lookup, plain_query
from packages_app.tables.outcomes import reported

PAGE = 50
LONGEST_CURSOR = 100
"""Characters of a cursor that are looked at; a key with all of a stranger's could be too long for DynamoDB."""


class Unknown(LookupError):
    """There is no token of this id; nothing is kept of that, as it may be made the next moment."""


kept: Kept[tuple[Token, str]] = Kept()


def secured(id_: str) -> tuple[Token, str] | None:
    """Return a token and the digest of its secret, by at most one read in ``rules.SECONDS``; None when there is none.

    So a token that is revoked elsewhere is refused here after that time at the latest.
    """

    def read() -> tuple[Token, str]:
        with reported():
            row = plain_item(TOKENS, id_)
        if row is None:
            raise Unknown
        return as_token(row), str(row["sha256"])

    try:
        return kept.get(id_, read)
    except Unknown:
        return None


def token(id_: str) -> Token | None:
    """Return a token as the catalogue has it now, by one read."""
    with reported():
        row = plain_item(TOKENS, id_)
    return None if row is None else as_token(row)


def page_of(owner: str, cursor: str = "", size: int = PAGE) -> Page:
    """Return a user's tokens from a cursor on, the newest first; one that was made this moment may be missing."""
    sought = TokenRow.lookup_sk < cursor[:LONGEST_CURSOR] if cursor else None
    with reported():
        rows = plain_lookup(tokens_of(owner), sought, limit=size + 1, newest_first=True)
        return page(list(islice(rows, size + 1)), size, "lookup_sk")


def page_of_all(cursor: str = "", size: int = PAGE) -> Page:
    """Return tokens of all users from a cursor on, in the order of their ids."""
    sought = TokenRow.sk > cursor[:LONGEST_CURSOR] if cursor else None
    with reported():
        rows = plain_query(TOKENS, sought, limit=size + 1)
        return page(list(islice(rows, size + 1)), size, "sk")


def page(rows: list[dict[str, Any]], size: int, cursor: str) -> Page:
    """Return the page that these rows are, one of which may be more than it takes."""
    shown = rows[:size]
    return Page(
        tokens=tuple(as_token(row) for row in shown),
        next=str(shown[-1][cursor]) if len(rows) > size else "",
    )


def as_token(row: Mapping[str, Any]) -> Token:
    """Return a token's item, as plain values, as other packages see it."""

    def at(name: str) -> datetime | None:
        return moment(int(row[name])) if name in row else None

    return Token(
        id=row["sk"],
        owner=row["owner"],
        description=row.get("description", ""),
        actions=frozenset(Action(word) for word in row["actions"].split()),
        patterns=tuple(row["patterns"].split()),
        networks=tuple(row.get("networks", "").split()),
        created=moment(int(row["created_at"])),
        expires=at("expires_at"),
        revoked=at("revoked_at"),
        last_used=at("used_at"),
    )
