"""Trusted publishers in the admin: pipelines that upload without a secret, named, given roles, withdrawn, removed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from packages_app.accounts import read as accounts
from packages_app.accounts.publishers import read, register
from packages_app.accounts.publishers.entries import Pipeline, Publisher
from packages_app.accounts.publishers.kinds import KINDS
from packages_app.admin import columns, history, roles
from packages_app.admin.base import FaceAdmin
from packages_app.admin.callers import SOURCE
from packages_app.admin.chores import Chore, Task
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, PublisherFace
from packages_app.admin.filters import Choices
from packages_app.admin.pipelines import NewPublisherForm, as_publisher, pipeline_fields, with_fields
from packages_app.admin.readers import Page, Reader, Wanted, walk
from packages_app.admin.site import site
from packages_app.conf import options

NOBODY_TRUSTED = (
    "This index trusts no CI service, so no publisher can be added and none gets a token. Its operator names services "
    "in PYPI_TRUSTED_ISSUERS, such as gitlab=https://gitlab.example."
)


class PublisherReader(Reader):
    """Publishers in the order of their ids; a search is any part of an id or of what the pipeline is."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        sought = wanted.search.casefold()
        kind, use = wanted.filters.get("kind", ""), wanted.filters.get("use", "")

        def keep(found: Publisher) -> bool:
            text = f"{found.id} {found.about} {found.pipeline.issuer}".casefold()
            used = "never" if found.last_used is None else "used"
            return sought in text and kind in {"", found.pipeline.kind} and use in {"", used}

        entries = read.publishers(wanted.after)
        kept, after, looked_at = walk(entries, wanted, cursor=lambda found: found.id, keep=keep)
        return Page(faces=[as_publisher(found) for found in kept], after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a publisher by its id."""
        found = read.publisher(key)
        return None if found is None else as_publisher(found)


def title_of(kind: str) -> str:
    """Return what a kind of service is called; a later version may have made one that is unknown here."""
    return KINDS[kind].title if kind in KINDS else kind


def said(pipeline: Pipeline) -> list[str]:
    """Return what a pipeline is known by, in the order of its kind's fields."""
    kind = KINDS.get(pipeline.kind)
    names = [field.name for field in kind.fields] if kind else sorted(pipeline.fields)
    return [f"{name}: {pipeline.fields[name]}" for name in names if name in pipeline.fields]


class KindFilter(Choices):
    """By the kind of CI service."""

    title, parameter_name = "service", "kind"
    choices_ = tuple((kind.name, kind.title) for kind in KINDS.values())


class UseFilter(Choices):
    """By whether they ever published."""

    title, parameter_name = "use", "use"
    choices_ = (("used", "used"), ("never", "never used"))


def withdraw(face: Face, task: Task) -> None:
    """Let a publisher publish something no more."""
    roles.check_seen(face, task)
    register.withdraw(task.who, task.said["pattern"], str(face.pk), source=SOURCE)


def remove(face: Face, task: Task) -> None:
    """Remove a publisher."""
    roles.check_seen(face, task)
    register.remove(task.who, str(face.pk), source=SOURCE)


GRANT = replace(
    roles.GRANT_TO,
    consequence="An uploader publishes and installs, a reader only installs; what its tokens are for goes no further.",
)
WITHDRAW = Chore(
    name="withdraw",
    label="Withdraw",
    done="Withdrew a role of",
    consequence="What other roles allow goes on being allowed; without any role left, the publisher is removed.",
    act=withdraw,
    form=roles.PatternForm,
    seen=roles.roles_seen,
)
REMOVE = Chore(
    name="remove",
    label="Remove",
    done="Removed",
    consequence="It is given no more tokens, those that it has are refused, here at once and elsewhere within ten "
    "seconds, and its roles go. What it published stays.",
    act=remove,
    seen=roles.roles_seen,
    typed=True,
    danger=True,
)
FREE = "nothing yet: the first token binds it to its repository and owner"
SHOWN = ("service", "issuer", "pipeline", "creator", "created", "last_used", "pinned", "roles_")


@admin.register(PublisherFace, site=site)
class PublisherAdmin(FaceAdmin):
    """Trusted publishers."""

    reader = PublisherReader()
    chores = (GRANT, WITHDRAW, REMOVE)
    form = NewPublisherForm
    history = staticmethod(history.of_publisher)
    search_fields = ("id",)
    search_help_text = "Any part of an id, or of what the pipeline is."
    list_display = ("id", "about", "creator", "last_used")
    list_filter = (KindFilter, UseFilter)

    about = column("pipeline", lambda found: found.about)
    service = column("service", lambda found: title_of(found.pipeline.kind))
    issuer = column("issuer", lambda found: found.pipeline.issuer)
    pipeline = column("pipeline", lambda found: columns.lines(said(found.pipeline)))
    creator = column("named by", lambda found: columns.actor(found.creator))
    created = column("named (UTC)", lambda found: columns.when(found.created))
    last_used = column("last token (UTC)", lambda found: columns.when(found.last_used) or "never")
    pinned = column("bound to", lambda found: found.pinned.replace(" ", ", ") or FREE)
    roles_ = column("roles", lambda found: roles.shown(accounts.grants_of(found.subject), by_pattern=True))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether there is a service whose pipelines can be added."""
        return bool(options().trusted_issuers) and bool(self.admin_site.has_permission(request))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show a page of the list, and what is missing where nothing can be added."""
        note = "" if options().trusted_issuers else NOBODY_TRUSTED
        return super().changelist_view(request, {"note": note, **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return the form's fields, or what a publisher's page shows."""
        return ("service", *pipeline_fields(), "pattern") if obj is None else ("id", *SHOWN)

    def get_readonly_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return what is only shown: publishers are named and removed, not changed."""
        return () if obj is None else SHOWN

    def get_form(self, request: HttpRequest, obj: Face | None = None, change: bool = False, **given: Any) -> Any:
        """Return the form, with the fields that pipelines of the trusted services have."""
        return super().get_form(request, obj, change, **given | ({} if obj else {"form": with_fields()}))

    def related(self, face: Face) -> Sequence[tuple[str, str]]:
        """Return the publisher's tokens and what it did."""
        name = face.record.name
        tokens = reverse("admin:packages_app_tokenface_changelist")
        trail = reverse("admin:packages_app_eventface_changelist")
        return [
            ("Tokens", f"{tokens}?{urlencode({'owner': name})}"),
            ("What it did", f"{trail}?{urlencode({'actor': name})}"),
        ]
