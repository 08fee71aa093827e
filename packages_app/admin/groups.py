"""Groups in the admin: made, given roles, removed when nobody needs them any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest

from packages_app.accounts import administer, read
from packages_app.accounts.entries import Group
from packages_app.admin import history, roles
from packages_app.admin.base import FaceAdmin, JourneyForm
from packages_app.admin.callers import SOURCE, caller
from packages_app.admin.chores import Chore, Task
from packages_app.admin.columns import column
from packages_app.admin.faces import Face, GroupFace
from packages_app.admin.readers import Page, Reader, Wanted, face_of, walk
from packages_app.admin.site import site


@dataclass(frozen=True, kw_only=True)
class Team:
    """A group with who was put into it."""

    group: Group
    members: Sequence[str]


class GroupReader(Reader):
    """Groups in the order of their names; a search is any part of a name or a description."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        sought = wanted.search.casefold()

        def keep(group: Group) -> bool:
            return sought in group.name.casefold() or sought in group.description.casefold()

        kept, after, looked_at = walk(read.groups(wanted.after), wanted, cursor=lambda group: group.name, keep=keep)
        members = read.members()
        return Page(faces=[as_face(group, members) for group in kept], after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a group by name."""
        found = read.group(key)
        return None if found is None else as_face(found, read.members())


def as_face(group: Group, members: Mapping[str, Sequence[str]]) -> Face:
    """Return a group's face."""
    team = Team(group=group, members=members.get(group.name, ()))
    return face_of(GroupFace, group.name, team, description=group.description)


class GroupForm(JourneyForm):
    """A new group."""

    class Meta:
        """Django's settings of a form."""

        model = GroupFace
        fields = ("name", "description")

    def travel(self, request: HttpRequest) -> None:
        """Make the group.

        Raises:
            BadAccount: its name cannot be this.
            AccountExists: there is such a group already.
        """
        said = self.cleaned_data
        group = Group(name=said["name"], description=said["description"])
        administer.create_group(group, caller(request), source=SOURCE)


def remove(face: Face, task: Task) -> None:
    """Remove a group."""
    administer.delete_group(str(face.pk), task.who, source=SOURCE)


DELETE = Chore(
    name="delete_group",
    label="Delete group",
    done="Deleted",
    consequence="Only a group that nobody is in and that was granted nothing can be deleted.",
    act=remove,
    typed=True,
    danger=True,
)


@admin.register(GroupFace, site=site)
class GroupAdmin(FaceAdmin):
    """Groups."""

    reader = GroupReader()
    chores = (roles.GRANT_TO, roles.UNGRANT_FROM, DELETE)
    adds = True
    history = staticmethod(history.of_target)
    form = GroupForm
    search_fields = ("name",)
    search_help_text = "Any part of a name or a description."
    list_display = ("name", "about", "members")

    about = column("description", lambda team: team.group.description)
    members = column("members", lambda team: ", ".join(team.members))
    roles_ = column("roles", lambda team: roles.shown(read.grants_of(roles.group(team.group.name)), by_pattern=True))

    def get_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return the form's fields, or what a group's page shows."""
        return ("name", "description") if obj is None else ("name", "description", "members", "roles_")

    def get_readonly_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return what is only shown: groups are made and removed, not changed."""
        return () if obj is None else ("members", "roles_")
