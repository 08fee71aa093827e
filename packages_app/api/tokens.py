"""Operations on API tokens."""

from contextlib import suppress
from datetime import UTC, datetime

from packages_app.accounts.roles import Action
from packages_app.accounts.tokens import issue
from packages_app.accounts.tokens.entries import Page, Token
from packages_app.api import cursors
from packages_app.api.errors import BadBody
from packages_app.api.operations import CURSOR, LIMIT, SOURCE, Answer, Call, Operation, Query
from packages_app.api.shapes import Field, Json, Shape, page_of

ACTIONS = Field(
    kind="array",
    about="What it may do at most; its owner's roles bound it as well.",
    required=True,
    items=Field(kind="string", about="An action.", choices=tuple(action.value for action in Action)),
)
PATTERNS = Field(
    kind="array",
    about="Projects it is for: names, or beginnings of names and a star.",
    items=Field(kind="string", about="A pattern."),
)
NETWORKS = Field(
    kind="array",
    about="Networks it may be used from, in CIDR notation; empty for all.",
    items=Field(kind="string", about="A network."),
)
WHEN = "RFC 3339 in UTC; null for never."
WANTED = Shape(
    name="WantedToken",
    about="A token to make.",
    fields={
        "actions": ACTIONS,
        "patterns": PATTERNS,
        "networks": NETWORKS,
        "description": Field(kind="string", about="What it is for."),
        "expires": Field(kind="string", about=f"When it ends, {WHEN}", nullable=True),
        "owner": Field(kind="string", about="Whom it speaks for; left out, its maker. Others are for administrators."),
    },
)
TOKEN = Shape(
    name="Token",
    about="A token; its secret is nowhere.",
    fields={
        "id": Field(kind="string", about="Its public part.", required=True),
        "owner": Field(kind="string", about="Whom it speaks for.", required=True),
        "description": Field(kind="string", about="What it is for.", required=True),
        "actions": ACTIONS,
        "patterns": PATTERNS,
        "networks": NETWORKS,
        "state": Field(
            kind="string", about="Whether it works.", required=True, choices=("active", "expired", "revoked")
        ),
        "created": Field(kind="string", about=f"When it was made, {WHEN}", required=True, nullable=True),
        "expires": Field(kind="string", about=f"When it ends, {WHEN}", required=True, nullable=True),
        "revoked": Field(kind="string", about=f"When it was revoked, {WHEN}", required=True, nullable=True),
        "last-used": Field(kind="string", about=f"To the hour, {WHEN}", required=True, nullable=True),
    },
)
MADE = Shape(
    name="MadeToken",
    about="A token that was made this moment.",
    fields={
        **TOKEN.fields,
        "token": Field(kind="string", about="The token itself; it is never shown again.", required=True),
    },
)
USER = Query(name="user", about="Whose tokens; yours where it is left out, and `*` for everybody's (administrators).")


def listed(call: Call) -> Answer:
    """Answer a page of tokens."""
    user = call.text("user") or call.who.name
    if user == "*":
        page = issue.of_all(call.who, call.after, call.limit)
    else:
        page = issue.of_owner(call.who, user, call.after, call.limit)
    return Answer(document=page_document(page))


def made(call: Call) -> Answer:
    """Make a token, and answer it once."""
    body = call.body
    token, text = issue.issue(
        call.who,
        owner=body.get("owner", ""),
        description=body.get("description", ""),
        actions=frozenset(Action(action) for action in body["actions"]),
        patterns=tuple(body.get("patterns", ("*",))),
        networks=tuple(body.get("networks", ())),
        expires=moment(body.get("expires")),
        source=SOURCE,
    )
    return Answer(document={**document(token), "token": text})


def shown(call: Call) -> Answer:
    """Answer one token."""
    return Answer(document=document(issue.shown(call.who, call.place["token"])))


def revoked(call: Call) -> Answer:
    """Revoke a token."""
    issue.revoke(call.who, call.place["token"], source=SOURCE)
    return Answer()


def moment(text: str | None) -> datetime | None:
    """Return a moment that a body names.

    Raises:
        BadBody: it is none, or without its zone.
    """
    if text is None:
        return None
    with suppress(ValueError, OverflowError):  # in UTC it can be before or behind all times
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    sentence = "The field expires must be a time with its zone, such as 2030-01-31T12:00:00Z."
    raise BadBody(sentence, (("expires", sentence),))


def page_document(page: Page) -> Json:
    """Return a page of tokens."""
    return {"entries": [document(token) for token in page.tokens], "next": cursors.written(page.next)}


def document(token: Token) -> Json:
    """Return a token."""
    return {
        "id": token.id,
        "owner": token.owner,
        "description": token.description,
        "actions": sorted(action.value for action in token.actions),
        "patterns": list(token.patterns),
        "networks": list(token.networks),
        "state": token.state,
        "created": written(token.created),
        "expires": written(token.expires),
        "revoked": written(token.revoked),
        "last-used": written(token.last_used),
    }


def written(at: datetime | None) -> str | None:
    """Return a moment as RFC 3339 writes it."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


OPERATIONS = (
    Operation(
        method="GET",
        path="tokens",
        name="listTokens",
        about="Your tokens, newest first; administrators may ask for others'.",
        run=listed,
        answer=page_of(TOKEN, "A page of tokens."),
        query=(USER, CURSOR, LIMIT),
    ),
    Operation(
        method="POST",
        path="tokens",
        name="makeToken",
        about="Make a token. One that makes another makes none that may do more or live longer.",
        run=made,
        answer=MADE,
        body=WANTED,
        status=201,
        refusals=(404, 415),
    ),
    Operation(
        method="GET",
        path="tokens/{token}",
        name="showToken",
        about="One token, by its id.",
        run=shown,
        answer=TOKEN,
        refusals=(404,),
    ),
    Operation(
        method="DELETE",
        path="tokens/{token}",
        name="revokeToken",
        about="Revoke a token; it is refused everywhere within ten seconds.",
        run=revoked,
        status=204,
        refusals=(404,),
    ),
)
