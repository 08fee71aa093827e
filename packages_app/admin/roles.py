"""Roles in the admin: granting one, taking one away, handing one over; on a project's, a user's and a group's page."""

import zlib
from collections.abc import Iterable, Sequence

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from packages_app.accounts import administer, read
from packages_app.accounts.entries import Grant, Subject, SubjectKind, User
from packages_app.accounts.errors import AccountChanged
from packages_app.accounts.hand_over import hand_over
from packages_app.accounts.roles import Role
from packages_app.admin import columns
from packages_app.admin.callers import SOURCE
from packages_app.admin.chores import Chore, Task
from packages_app.admin.faces import Face, GroupFace, ProjectFace, PublisherFace

ROLES = [(role.value, role.value) for role in Role]
KINDS = [(kind.value, kind.value) for kind in SubjectKind]
TEXT = {"class": "vTextField", "autocomplete": "off"}
WHO_HELP = "A user's or a group's name, or a publisher's id; the group everyone is all users."
PATTERN_HELP = "A project's name; the beginning of names and a star, such as acme-*; or a star alone for all."


class WhoForm(forms.Form):
    """A user, a group or a publisher."""

    kind = forms.ChoiceField(choices=KINDS)
    name = forms.CharField(max_length=64, widget=forms.TextInput(attrs=TEXT), help_text=WHO_HELP)


class GrantToForm(WhoForm):
    """A role for somebody."""

    role = forms.ChoiceField(choices=ROLES)


class HandOverForm(forms.Form):
    """From whom to whom."""

    from_kind = forms.ChoiceField(choices=KINDS, label="From a")
    from_name = forms.CharField(max_length=64, label="whose name is", widget=forms.TextInput(attrs=TEXT))
    to_kind = forms.ChoiceField(choices=KINDS, label="To a")
    to_name = forms.CharField(max_length=64, label="whose name is", widget=forms.TextInput(attrs=TEXT))


class PatternForm(forms.Form):
    """What a role is on."""

    pattern = forms.CharField(max_length=200, widget=forms.TextInput(attrs=TEXT), help_text=PATTERN_HELP)


class GrantOnForm(PatternForm):
    """A role on something."""

    role = forms.ChoiceField(choices=ROLES)


def subject_of(kind: str, name: str) -> Subject:
    """Return whom a form names."""
    return Subject(SubjectKind(kind), name.strip())


def owner(face: Face) -> Subject:
    """Return whose roles a face's page shows."""
    if isinstance(face, PublisherFace):
        return Subject(SubjectKind.PUBLISHER, str(face.pk))
    return group(str(face.pk)) if isinstance(face, GroupFace) else user(str(face.pk))


def user(name: str) -> Subject:
    """Return a user as roles name one."""
    return Subject(SubjectKind.USER, name)


def group(name: str) -> Subject:
    """Return a group as roles name one."""
    return Subject(SubjectKind.GROUP, name)


def roles_seen(faces: Sequence[Face]) -> dict[str, str]:
    """Return what roles there are now on each project, or of each account, as a text that tells two states apart."""
    return {key_of(face): str(zlib.crc32(repr(sorted(map(str, held(face)))).encode())) for face in faces}


def held(face: Face) -> list[Grant]:
    """Return the roles on a project, or of a user, group or publisher."""
    return list(read.grants_on(str(face.pk)) if isinstance(face, ProjectFace) else read.grants_of(owner(face)))


def key_of(face: Face) -> str:
    """Return the name of what a face is, among what a page carries."""
    return f"roles of {face.pk}"


def check_seen(face: Face, task: Task) -> None:
    """Return if the roles are those that the confirming person saw.

    Raises:
        AccountChanged: somebody changed them since.
    """
    if roles_seen([face])[key_of(face)] != task.seen.get(key_of(face)):
        raise AccountChanged(f"Somebody else changed the roles of {face} in the meantime; look again.")


def grant_on_project(face: Face, task: Task) -> None:
    """Grant a role on a project."""
    check_seen(face, task)
    subject = subject_of(task.said["kind"], task.said["name"])
    given = Grant(subject=subject, pattern=str(face.pk), role=Role(task.said["role"]))
    administer.grant(given, task.who, source=SOURCE)


def ungrant_on_project(face: Face, task: Task) -> None:
    """Take a role on a project away."""
    check_seen(face, task)
    subject = subject_of(task.said["kind"], task.said["name"])
    administer.ungrant(subject, str(face.pk), task.who, source=SOURCE)


def hand_over_project(face: Face, task: Task) -> None:
    """Hand a role on a project over."""
    check_seen(face, task)
    giver = subject_of(task.said["from_kind"], task.said["from_name"])
    taker = subject_of(task.said["to_kind"], task.said["to_name"])
    hand_over(str(face.pk), giver, taker, task.who, source=SOURCE)


def grant_to(face: Face, task: Task) -> None:
    """Grant a user, a group or a publisher a role."""
    check_seen(face, task)
    given = Grant(subject=owner(face), pattern=task.said["pattern"], role=Role(task.said["role"]))
    administer.grant(given, task.who, source=SOURCE)


def ungrant_from(face: Face, task: Task) -> None:
    """Take a role from a user or a group."""
    check_seen(face, task)
    administer.ungrant(owner(face), task.said["pattern"], task.who, source=SOURCE)


def shown(given: Iterable[Grant], *, by_pattern: bool) -> SafeString:
    """Return roles as lines of a page."""
    return columns.lines(
        f"{grant.role.value} on {grant.pattern}"
        if by_pattern
        else format_html("{}: {}", columns.actor(str(grant.subject)), grant.role.value)
        for grant in given
    )


def counting(user: User) -> SafeString:
    """Return the roles that count for a user, and through which group, as lines of a page."""
    found = read.grants_for(user.name, user.groups)
    told = [
        f"{grant.role.value} on {grant.pattern}"
        + (f" through the group {grant.subject.name}" if grant.subject.kind is SubjectKind.GROUP else "")
        for grant in found
    ]
    more = len(found) == read.MOST_GRANTS
    return columns.lines([*told, f"There may be more; these are the first {len(found)}."] if more else told)


GRANT_MEANS = "A reader may install, an uploader also upload, a maintainer also yank, delete and set the status."
GRANT_ON_PROJECT = Chore(
    name="grant",
    label="Grant a role",
    done="Granted a role on",
    consequence=GRANT_MEANS,
    act=grant_on_project,
    form=GrantToForm,
    seen=roles_seen,
)
UNGRANT_ON_PROJECT = Chore(
    name="ungrant",
    label="Take a role away",
    done="Took a role away on",
    act=ungrant_on_project,
    form=WhoForm,
    consequence="Roles on patterns that cover the project stay.",
    seen=roles_seen,
)
HAND_OVER = Chore(
    name="hand_over",
    label="Hand a role over",
    done="Handed over the role on",
    act=hand_over_project,
    form=HandOverForm,
    consequence="Whoever had the role loses it, and somebody else has it instead.",
    seen=roles_seen,
)
GRANT_TO = Chore(
    name="grant",
    label="Grant a role",
    done="Granted a role to",
    consequence=GRANT_MEANS,
    act=grant_to,
    form=GrantOnForm,
    seen=roles_seen,
)
UNGRANT_FROM = Chore(
    name="ungrant",
    label="Take a role away",
    done="Took a role from",
    act=ungrant_from,
    form=PatternForm,
    consequence="What other roles allow goes on being allowed.",
    seen=roles_seen,
)
