"""API tokens in the admin: made for a user and shown once, listed with what they are for and when used, revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from packages_app.accounts.roles import Action
from packages_app.accounts.tokens import issue, read
from packages_app.accounts.tokens.entries import Token
from packages_app.admin import columns, history
from packages_app.admin.base import FaceAdmin, JourneyForm
from packages_app.admin.callers import SOURCE, caller
from packages_app.admin.chores import Chore, Task
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, TokenFace
from packages_app.admin.filters import Choices, Typed
from packages_app.admin.readers import Page, Reader, Wanted, face_of
from packages_app.admin.roles import TEXT
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


class NewTokenForm(JourneyForm):
    """A token for a user, and what it is for."""

    owner = forms.CharField(max_length=64, widget=forms.TextInput(attrs=TEXT), help_text="The name of a user.")
    description = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs=TEXT), help_text="Such as: CI of acme-core."
    )
    allows = forms.MultipleChoiceField(
        label="May",
        choices=[(action.value, action.value) for action in Action],
        initial=[Action.READ.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="It can never do more than its owner may.",
    )
    patterns = forms.CharField(
        label="On projects",
        initial="*",
        max_length=4000,
        widget=forms.TextInput(attrs=TEXT),
        help_text="Names, beginnings of names such as acme-*, or * for all; by spaces.",
    )
    networks = forms.CharField(
        label="From networks",
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs=TEXT),
        help_text="Such as 192.0.2.0/24, by spaces; empty for everywhere.",
    )
    days = forms.IntegerField(
        label="Lives for", required=False, initial=90, min_value=1, max_value=3650, help_text="Days; empty for ever."
    )

    class Meta:
        """Django's settings of a form."""

        model = TokenFace
        fields = ()

    def travel(self, request: HttpRequest) -> None:
        """Make the token.

        Raises:
            NoSuchAccount: there is no such owner, or a disabled one.
            BadPattern: a pattern covers no project name.
            BadAccount: anything else of it cannot be like this.
        """
        said = self.cleaned_data
        token, text = issue.issue(
            caller(request),
            owner=said["owner"],
            description=said["description"],
            actions=frozenset(Action(value) for value in said["allows"]),
            patterns=tuple(said["patterns"].split()),
            networks=tuple(said["networks"].split()),
            expires=datetime.now(UTC) + timedelta(days=said["days"]) if said["days"] else None,
            source=SOURCE,
        )
        self.instance = face_of(TokenFace, token.id, token)
        self.instance.text = text


def revoke(face: Face, task: Task) -> None:
    """Revoke a token."""
    issue.revoke(task.who, str(face.pk), source=SOURCE)


REVOKE = Chore(
    name="revoke",
    label="Revoke",
    done="Revoked",
    consequence="It is refused from now on, here at once and elsewhere within ten seconds, and cannot be had back.",
    act=revoke,
    danger=True,
)


SHOWN = ("owner", "description", "state", "allows", "on", "networks", "created", "last_used", "ends")


@admin.register(TokenFace, site=site)
class TokenAdmin(FaceAdmin):
    """API tokens."""

    reader = TokenReader()
    chores = (REVOKE,)
    adds = True
    form = NewTokenForm
    history = staticmethod(history.of_target)
    search_fields = ("id",)
    search_help_text = "A token's id: the 16 digits behind epypi_."
    list_display = ("id", "description", "owner", "state", "allows", "on", "last_used")
    list_filter = (OwnerFilter, StateFilter)
    owner = column("owner", lambda token: columns.owner(token.owner))
    description = column("description", lambda token: token.description)
    allows = column("allows", lambda token: ", ".join(sorted(action.value for action in token.actions)))
    on = column("on", lambda token: ", ".join(token.patterns))
    networks = column("from networks", lambda token: ", ".join(token.networks) or "all")
    created = column("created (UTC)", lambda token: columns.when(token.created))
    last_used = column("last used (UTC)", lambda token: columns.when(token.last_used) or "never")
    ends = column("ends (UTC)", lambda token: columns.when(token.expires) or "never")
    state = column("state", lambda token: columns.mark(token.state))

    def get_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return the form's fields, or what a token's page shows."""
        made_of = ("owner", "description", "allows", "patterns", "networks", "days")
        return made_of if obj is None else ("id", *SHOWN)

    def get_readonly_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return what is only shown: tokens are made and revoked, not changed."""
        return () if obj is None else SHOWN

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """Show the token's text, this once: it is kept nowhere, not in a message's cookie either."""
        context = {**self.admin_site.each_context(request), "title": f"Token {obj.pk}", "token": obj, "opts": self.opts}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/token_made.html", context)
