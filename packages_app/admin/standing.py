"""What is done to users in the admin: they are disabled, enabled again, given another password."""

from collections.abc import Sequence
from dataclasses import replace

from django import forms

from packages_app.accounts import administer
from packages_app.accounts.administer import YOURSELF
from packages_app.accounts.entries import Principal, User
from packages_app.accounts.errors import AccountChanged
from packages_app.accounts.write import CONFIGURED
from packages_app.admin.callers import SOURCE
from packages_app.admin.chores import Chore, Task
from packages_app.admin.faces import Face


class PasswordForm(forms.Form):
    """A new password."""

    password = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Nothing means that nobody can sign in with a password. It ends all browser sessions.",
    )


def versions(faces: Sequence[Face]) -> dict[str, str]:
    """Return each user's version."""
    return {str(face.pk): str(face.record.version) for face in faces}


def as_seen(face: Face, task: Task) -> User:
    """Return a user with the version that the confirming person saw.

    Raises:
        AccountChanged: the page carried none.
    """
    seen = task.seen.get(str(face.pk), "")
    if not seen.isdecimal():
        raise AccountChanged(f"{face} was changed by somebody else in the meantime; look again.")
    user: User = face.record
    return replace(user, version=int(seen))


def configured(face: Face, _: Principal) -> str:
    """Return why nothing is changed of a user whom the settings name."""
    return f"The user {face} {CONFIGURED}" if face.record.configured else ""


def no_disabling(face: Face, who: Principal) -> str:
    """Return why a user cannot be disabled."""
    if face.record.disabled:
        return f"The user {face} is disabled already."
    return configured(face, who) or (YOURSELF if face.record.name == who.name else "")


def no_enabling(face: Face, who: Principal) -> str:
    """Return why a user cannot be enabled."""
    return configured(face, who) or ("" if face.record.disabled else f"The user {face} is enabled already.")


def disable(face: Face, task: Task) -> None:
    """Disable a user."""
    user = as_seen(face, task)
    administer.change_user(user, replace(user, disabled=True), task.who, source=SOURCE)


def enable(face: Face, task: Task) -> None:
    """Enable a user again."""
    user = as_seen(face, task)
    administer.change_user(user, replace(user, disabled=False), task.who, source=SOURCE)


def give_password(face: Face, task: Task) -> None:
    """Set a user's password."""
    administer.set_password(as_seen(face, task), task.said["password"] or None, task.who, source=SOURCE)


DISABLE = Chore(
    name="disable",
    label="Disable",
    done="Disabled",
    consequence="They can do nothing any more, by password, session or token; everything else about them stays.",
    act=disable,
    seen=versions,
    never=no_disabling,
    danger=True,
)
ENABLE = Chore(
    name="enable",
    label="Enable",
    done="Enabled",
    consequence="Their password and their tokens work again.",
    act=enable,
    seen=versions,
    never=no_enabling,
)
PASSWORD = Chore(
    name="set_password",
    label="Set password",
    done="Set the password of",
    consequence="All browser sessions of the user end.",
    act=give_password,
    form=PasswordForm,
    seen=versions,
    never=configured,
)
