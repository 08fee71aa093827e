"""API tokens in the admin: whose, what for, last used; they are made elsewhere and revoked here."""

from django.contrib import admin

from packages_app.accounts.tokens import read, write
from packages_app.accounts.tokens.entries import Token
from packages_app.admin import columns, history
from packages_app.admin.base import FaceAdmin
from packages_app.admin.callers import SOURCE
from packages_app.admin.chores import Chore, Task
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, TokenFace
from packages_app.admin.filters import Choices, Typed
from packages_app.admin.readers import Page, Reader, Wanted, face_of
from packages_app.admin.site import site

MOST_PAGES = 10
"""Pages of tokens that one request looks through for those that a filter keeps."""


class TokenReader(Reader):
    """Tokens of one user, the newest first, or of all; a search is a token's id."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        if wanted.search:
            found = self.one(wanted.search)
            return Page(faces=[] if found is None else [found])
        owner, state = wanted.filters.get("owner", ""), wanted.filters.get("state", "")
        faces: list[Face] = []
        after, looked_at = wanted.after, 0
        for _ in range(MOST_PAGES):
            page = read.page_of(owner, after, wanted.limit) if owner else read.page_of_all(after, wanted.limit)
            looked_at += len(page.tokens)
            faces += [as_face(token) for token in page.tokens if state in {"", token.state}]
            after = page.next
            # A filtered page may be a little longer than asked for, as it goes on from whole pages.
            if not after or len(faces) >= wanted.limit // 2:
                break
        return Page(faces=faces, after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a token by its id."""
        found = read.token(key)
        return None if found is None else as_face(found)


def as_face(token: Token) -> Face:
    """Return a token's face."""
    return face_of(TokenFace, token.id, token)


class OwnerFilter(Typed):
    """By whose they are."""

    title, parameter_name = "owner", "owner"


class StateFilter(Choices):
    """By whether they work."""

    title, parameter_name = "state", "state"
    choices_ = (("active", "active"), ("expired", "expired"), ("revoked", "revoked"))


def revoke(face: Face, task: Task) -> None:
    """Revoke a token."""
    write.revoke(face.record, change=task.who.change(SOURCE))


REVOKE = Chore(
    name="revoke",
    label="Revoke",
    done="Revoked",
    consequence="It is refused from now on, here at once and elsewhere within ten seconds, and cannot be had back.",
    act=revoke,
    danger=True,
)


@admin.register(TokenFace, site=site)
class TokenAdmin(FaceAdmin):
    """API tokens."""

    reader = TokenReader()
    chores = (REVOKE,)
    history = staticmethod(history.of_target)
    search_fields = ("id",)
    search_help_text = "A token's id: the 16 digits behind epypi_."
    list_display = ("id", "owner", "state", "allows", "on", "last_used", "description")
    list_filter = (OwnerFilter, StateFilter)
    readonly_fields = ("owner", "description", "state", "allows", "on", "networks", "created", "last_used", "ends")
    fields = ("id", *readonly_fields)

    owner = column("owner", lambda token: columns.link("userface", token.owner, token.owner))
    description = column("description", lambda token: token.description)
    allows = column("allows", lambda token: ", ".join(sorted(action.value for action in token.actions)))
    on = column("on", lambda token: ", ".join(token.patterns))
    networks = column("from networks", lambda token: ", ".join(token.networks) or "all")
    created = column("created (UTC)", lambda token: columns.when(token.created))
    last_used = column("last used (UTC)", lambda token: columns.when(token.last_used) or "never")
    ends = column("ends (UTC)", lambda token: columns.when(token.expires) or "never")
    state = column("state", lambda token: columns.mark(token.state))
