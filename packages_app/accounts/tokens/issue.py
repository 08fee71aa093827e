"""Who may make, see and revoke which tokens: one's own, and for administrators everybody's.

A token that makes tokens makes none that may do more or live longer than itself.
"""

from datetime import datetime

from packages_app.accounts.entries import Principal
from packages_app.accounts.errors import Forbidden, NoSuchAccount, NotSignedIn
from packages_app.accounts.patterns import EVERY, covered, normalized
from packages_app.accounts.permissions import Action, demand, is_administrator
from packages_app.accounts.tokens import read, write
from packages_app.accounts.tokens.entries import Page, Token


def issue(
    who: Principal,
    *,
    owner: str = "",
    description: str = "",
    actions: frozenset[Action],
    patterns: tuple[str, ...] = (EVERY,),
    networks: tuple[str, ...] = (),
    expires: datetime | None = None,
    source: str,
) -> tuple[Token, str]:
    """Make a token for the caller, or for another ``owner``, and return it with its text, which is never shown again.

    Raises:
        NotSignedIn: nobody is signed in.
        Forbidden: it is for somebody else, or would do more than the token that the caller came with.
        NoSuchAccount: there is no such owner, or a disabled one.
        BadPattern: a pattern covers no project name.
        BadAccount: anything else of it cannot be like this.
    """
    demand_somebody(who)
    owner = owner or who.name
    if owner != who.name:
        demand(who, Action.ADMINISTER)
    if who.limits is not None:
        within(who, actions, patterns, expires)
    return write.create(
        owner,
        description=description,
        actions=actions,
        patterns=patterns,
        networks=networks,
        expires=expires,
        change=who.change(source),
    )


def within(who: Principal, actions: frozenset[Action], patterns: tuple[str, ...], expires: datetime | None) -> None:
    """Return if a new token may do and live no more than the one that the caller came with.

    Raises:
        Forbidden: it may.
    """
    limits, mine = who.limits, parent(who)
    if limits is None:
        return
    inside = all(
        covered(limits.patterns, kept) if not kept.endswith(EVERY) else covers(limits.patterns, kept)
        for kept in (normalized(pattern) for pattern in patterns)
    )
    longer = mine.expires is not None and (expires is None or expires > mine.expires)
    if not actions <= limits.actions or not inside or longer or mine.networks:
        raise Forbidden(
            "A token makes only tokens that do no more and live no longer than itself, and none when it is bound to "
            "networks; sign in with a browser to make others."
        )


def covers(patterns: tuple[str, ...], inner: str) -> bool:
    """Return whether everything that the pattern ``inner`` covers is covered by one of the patterns."""
    return any(pattern.endswith(EVERY) and inner.startswith(pattern[:-1]) for pattern in patterns)


def parent(who: Principal) -> Token:
    """Return the token that the caller came with.

    Raises:
        NoSuchAccount: it was removed this moment.
    """
    found = read.token(who.token)
    if found is None:
        raise NoSuchAccount("The token you came with is no more.")
    return found


def of_owner(who: Principal, owner: str, cursor: str, size: int) -> Page:
    """Return tokens of a user, newest first, as far as the caller may see them: their own, or an administrator any.

    Raises:
        NotSignedIn: nobody is signed in.
        Forbidden: they are somebody else's.
    """
    demand_about(who, owner)
    return read.page_of(owner, cursor, size)


def of_all(who: Principal, cursor: str, size: int) -> Page:
    """Return tokens of all users.

    Raises:
        Forbidden: the caller is no administrator.
    """
    demand(who, Action.ADMINISTER)
    return read.page_of_all(cursor, size)


def shown(who: Principal, id_: str) -> Token:
    """Return a token that is the caller's own, or any for an administrator.

    Raises:
        NotSignedIn: nobody is signed in.
        NoSuchAccount: there is none of this id that the caller may know of.
    """
    demand_somebody(who)
    found = read.token(id_)
    if found is None or (found.owner != who.name and not is_administrator(who)):
        raise NoSuchAccount(f"You have no token {id_[:80]!a}.")
    return found


def revoke(who: Principal, id_: str, *, source: str) -> Token:
    """Let a token be refused from now on; again is fine.

    Raises:
        NoSuchAccount: there is none of this id that the caller may know of.
        Forbidden: the caller came with a token that may do nothing but read or upload, and this is another one.
    """
    found = shown(who, id_)
    if who.limits is not None and found.id != who.token and Action.MANAGE not in who.limits.actions:
        raise Forbidden("A token revokes itself, or others where it may manage; sign in with a browser instead.")
    return write.revoke(found, change=who.change(source))


def demand_about(who: Principal, owner: str) -> None:
    """Return if the caller may see what belongs to this user."""
    demand_somebody(who)
    if owner != who.name:
        demand(who, Action.ADMINISTER)


def demand_somebody(who: Principal) -> None:
    """Return if somebody is signed in, also where everybody may read."""
    if not who.signed_in:
        raise NotSignedIn("Sign in: tokens belong to somebody.")
