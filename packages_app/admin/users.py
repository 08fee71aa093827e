"""Users in the admin: made and changed by forms, disabled, given passwords and roles."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from packages_app.accounts import administer, read
from packages_app.accounts.entries import User
from packages_app.admin import columns, history, roles, standing
from packages_app.admin.base import FaceAdmin, JourneyForm
from packages_app.admin.callers import SOURCE, caller
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, UserFace
from packages_app.admin.filters import Choices
from packages_app.admin.readers import Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site


class UserReader(Reader):
    """Users in the order of their names; a search is any part of a name or an address."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        sought, state = wanted.search.casefold(), wanted.filters.get("state", "")

        def keep(user: User) -> bool:
            fits = any(sought in text.casefold() for text in (user.name, user.display_name, user.email))
            return fits and (not state or state in states_of(user))

        kept, after, looked_at = walk(read.users(wanted.after), wanted, cursor=lambda user: user.name, keep=keep)
        return Page(faces=[as_face(user) for user in kept], after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a user by name."""
        found = read.user(key)
        return None if found is None else as_face(found)


def as_face(user: User) -> Face:
    """Return a user's face."""
    return face_of(
        UserFace,
        user.name,
        user,
        display_name=user.display_name,
        email=user.email,
        administrator=user.administrator,
        disabled=user.disabled,
    )


def states_of(user: User) -> list[str]:
    """Return the words for what a user is."""
    words = {"configured": user.configured, "administrator": user.administrator, "disabled": user.disabled}
    return [word for word, is_so in words.items() if is_so]


class UserForm(JourneyForm):
    """A user's names, groups and standing, and the version that they were read at."""

    groups = forms.CharField(
        required=False, widget=forms.TextInput(attrs=roles.TEXT), help_text="Names of groups, with spaces between them."
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        """Django's settings of a form."""

        model = UserFace
        fields = ("name", "display_name", "email", "administrator", "disabled")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        user = self.instance.record
        if user is not None:
            self.initial.update(groups=" ".join(user.groups), version=user.version)

    def travel(self, request: HttpRequest) -> None:
        """Make the user, or change them from what the form was made of.

        Raises:
            BadAccount: they cannot be like this.
            AccountExists: there is such a user already.
            AccountChanged: somebody else changed them in the meantime.
        """
        said = self.cleaned_data
        who = caller(request)
        before = self.instance.record
        wanted = replace(
            before or User(name=said["name"]),
            display_name=said["display_name"],
            email=said["email"],
            administrator=said["administrator"],
            disabled=said.get("disabled", False),
            groups=tuple(said["groups"].split()),
        )
        if before is None:
            administer.create_user(wanted, said.get("password") or None, who, source=SOURCE)
        else:
            # The condition is the version that the form was filled in on, not the one that was read just now.
            seen = replace(before, version=said["version"] or 0)
            administer.change_user(seen, wanted, who, source=SOURCE)


class NewUserForm(UserForm):
    """A new user, who may be given a password."""

    class Meta(UserForm.Meta):
        """Django's settings of a form."""

        widgets = {"name": AdminTextInputWidget(attrs={"autocomplete": "off"})}

    password = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="To sign in with a browser; without one the user has API tokens only.",
    )


class StateFilter(Choices):
    """By what they are."""

    title, parameter_name = "state", "state"
    choices_ = (("administrator", "administrators"), ("disabled", "disabled"), ("configured", "configured"))


@admin.register(UserFace, site=site)
class UserAdmin(FaceAdmin):
    """Users."""

    reader = UserReader()
    chores = (standing.DISABLE, standing.ENABLE, standing.PASSWORD, roles.GRANT_TO, roles.UNGRANT_FROM)
    adds = changes = True
    history = staticmethod(history.of_target)
    form = UserForm
    search_fields = ("name",)
    search_help_text = "Any part of a name or an address."
    list_display = ("name", "state", "shown_name", "groups_")
    list_filter = (StateFilter,)

    shown_name = column("display name", lambda user: user.display_name)
    state = column("state", lambda user: ", ".join(states_of(user)))
    groups_ = column("groups", lambda user: ", ".join(user.groups))
    updated = column("last change (UTC)", lambda user: columns.when(user.updated))
    created = column("created (UTC)", lambda user: columns.when(user.created))
    roles_ = column("roles", roles.counting)

    def has_change_permission(self, request: HttpRequest, obj: Face | None = None) -> bool:
        """Return whether the form may be sent; configured users are changed in the settings."""
        return super().has_change_permission(request, obj) and not (obj and obj.record and obj.record.configured)

    def get_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return the form's fields."""
        if obj is None:
            return ("name", "password", "display_name", "email", "administrator", "groups")
        shown = ("name", "display_name", "email", "administrator", "disabled", "groups", "roles_", "created", "updated")
        return (*shown, "version")

    def get_readonly_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return what is only shown: a name stays for good."""
        return () if obj is None else ("name", "roles_", "created", "updated")

    def get_form(self, request: HttpRequest, obj: Face | None = None, change: bool = False, **given: Any) -> Any:
        """Return the form, with a password for a new user."""
        return super().get_form(request, obj, change, **given | ({} if obj else {"form": NewUserForm}))

    def related(self, face: Face) -> Sequence[tuple[str, str]]:
        """Return the user's tokens and what they did."""
        tokens = reverse("admin:packages_app_tokenface_changelist")
        trail = reverse("admin:packages_app_eventface_changelist")
        return [
            ("Tokens", f"{tokens}?{urlencode({'owner': face.pk})}"),
            ("What they did", f"{trail}?{urlencode({'actor': face.pk})}"),
        ]
