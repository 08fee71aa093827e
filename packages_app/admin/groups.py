"""Groups in the admin: made, given roles, removed when nobody needs them any more."""

from itertools import dropwhile

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


class GroupReader(Reader):
    """Groups in the order of their names; a search is any part of a name or a description."""

    def page(self, wanted: Wanted) -> Page:
        """Return a page."""
        sought = wanted.search.casefold()

        def keep(group: Group) -> bool:
            return sought in group.name.casefold() or sought in group.description.casefold()

        entries = dropwhile(lambda group: group.name <= wanted.after, read.groups())
        kept, after, looked_at = walk(entries, wanted, cursor=lambda group: group.name, keep=keep)
        return Page(faces=[as_face(group) for group in kept], after=after, looked_at=looked_at)

    def one(self, key: str) -> Face | None:
        """Return a group by name."""
        found = read.group(key)
        return None if found is None else as_face(found)


def as_face(group: Group) -> Face:
    """Return a group's face."""
    return face_of(GroupFace, group.name, group, description=group.description)


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

    about = column("description", lambda group: group.description)
    members = column("members", lambda group: ", ".join(read.members(group.name)))
    roles_ = column("roles", lambda group: roles.shown(read.grants_of(roles.group(group.name)), by_pattern=True))

    def get_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return the form's fields, or what a group's page shows."""
        return ("name", "description") if obj is None else ("name", "description", "members", "roles_")

    def get_readonly_fields(self, request: HttpRequest, obj: Face | None = None) -> tuple[str, ...]:
        """Return what is only shown: groups are made and removed, not changed."""
        return () if obj is None else ("members", "roles_")
