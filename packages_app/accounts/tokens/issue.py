"""Who may make, see and revoke which tokens: one's own, and for administrators everybody's.

A token sees and revokes itself. Only one that may manage every project does so with its owner's others, or makes
more, and none that may do more or live longer than itself: a token that leaked must not live on in others.
"""

from datetime import datetime

from packages_app.accounts.entries import Principal, publisher_in
from packages_app.accounts.errors import BadAccount, Forbidden, NoSuchAccount, NotSignedIn
from packages_app.accounts.patterns import EVERY
from packages_app.accounts.permissions import Action, demand, is_administrator
from packages_app.accounts.tokens import read, write
from packages_app.accounts.tokens.entries import Page, Token

LOOK_AFTER = frozenset({Action.MANAGE, Action.ADMINISTER})
"""Either lets a token that is for every project look after others."""


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
        BadAccount: the owner is a publisher, or anything else of it cannot be like this.
    """
    demand_somebody(who)
    owner = owner or who.name
    if owner != who.name:
        demand(who, Action.ADMINISTER)
    if publisher_in(owner):
        raise BadAccount("A publisher is given tokens by its pipeline only; make one for a user.")
    if who.limits is not None:
        demand_speaker(who)
        within(who, actions, expires)
    return write.create(
        owner,
        description=description,
        actions=actions,
        patterns=patterns,
        networks=networks,
        expires=expires,
        change=who.change(source),
    )


def within(who: Principal, actions: frozenset[Action], expires: datetime | None) -> None:
    """Return if a new token may do and live no more than the one that the caller came with, which is for every project.

    Raises:
        Forbidden: it may.
    """
    limits, mine = who.limits, parent(who)
    longer = mine.expires is not None and (expires is None or expires > mine.expires)
    if limits is None or not actions <= limits.actions or longer or mine.networks:
        raise Forbidden(
            "A token makes only tokens that do no more and live no longer than itself, and none when it is bound to "
            "networks; sign in with a browser to make others."
        )


def parent(who: Principal) -> Token:
    """Return the token that the caller came with.

    Raises:
        NoSuchAccount: it was removed this moment.
    """
    found = read.token(who.token)
    if found is None:
        raise NoSuchAccount("The token you came with is no more.")
    return found


def of_owner(who: Principal, owner: str, cursor: str = "", size: int = read.PAGE) -> Page:
    """Return tokens of a user, newest first, as far as the caller may see them.

    Raises:
        NotSignedIn: nobody is signed in.
        Forbidden: they are somebody else's.
    """
    demand_about(who, owner)
    if not speaks(who):
        return Page(tokens=(parent(who),))
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
    if found is not None and (found.id == who.token or may_see(who, found)):
        return found
    # What was typed is not told again: it may be most of a secret.
    raise NoSuchAccount("There is no such token, or none that is yours to see.")


def may_see(who: Principal, token: Token) -> bool:
    """Say whether a token other than the one that the caller came with is any of their business."""
    return speaks(who) and (token.owner == who.name or is_administrator(who))


def revoke(who: Principal, id_: str, *, source: str) -> Token:
    """Let a token be refused from now on; again is fine.

    Raises:
        NoSuchAccount: there is none of this id that the caller may know of.
    """
    return write.revoke(shown(who, id_), change=who.change(source))


def speaks(who: Principal) -> bool:
    """Say whether the caller may look after all tokens of their owner: no token themselves, or one to manage all."""
    limits = who.limits
    return limits is None or (bool(limits.actions & LOOK_AFTER) and EVERY in limits.patterns)


def demand_speaker(who: Principal) -> None:
    """Return if the caller may look after the tokens of their owner.

    Raises:
        Forbidden: they came with a token that is for less.
    """
    if not speaks(who):
        raise Forbidden("Only a token that may manage every project makes others; sign in with a browser instead.")


def demand_about(who: Principal, owner: str) -> None:
    """Return if the caller may see what belongs to this user."""
    demand_somebody(who)
    if owner != who.name:
        demand(who, Action.ADMINISTER)


def demand_somebody(who: Principal) -> None:
    """Return if somebody is signed in, also where everybody may read.

    Raises:
        NotSignedIn: nobody is.
    """
    if not who.signed_in:
        raise NotSignedIn("Sign in: tokens belong to somebody.")
