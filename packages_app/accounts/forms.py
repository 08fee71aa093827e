"""The forms of account pages; what they hold is checked where it is kept."""

from datetime import UTC, datetime, timedelta

from django import forms

from packages_app.accounts.passwords import LONGEST, SHORTEST
from packages_app.accounts.roles import Action

LIVES = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "until it is revoked"))
ACTIONS = (
    (Action.READ, "Read: install packages"),
    (Action.UPLOAD, "Upload files"),
    (Action.YANK, "Yank files and releases"),
    (Action.DELETE, "Delete files, releases and projects"),
    (Action.MANAGE, "Manage: status, roles and the trail of projects"),
    (Action.ADMINISTER, "Administer the index"),
)


class SignInForm(forms.Form):
    """A user name and a password."""

    username = forms.CharField(
        label="User name",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="Password",
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """The password now, and another one twice."""

    current = forms.CharField(
        label="Password now",
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New password",
        help_text=f"At least {SHORTEST} characters; several words are easy to remember.",
        min_length=SHORTEST,
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password, again",
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Refuse two passwords that differ."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError("The two new passwords differ.")
        return again


class TokenForm(forms.Form):
    """What a new token is for."""

    description = forms.CharField(label="What it is for", max_length=200, help_text="Such as: CI of acme-core.")
    actions = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(action.value, label) for action, label in ACTIONS],
        initial=[Action.READ.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="It can never do more than you may yourself.",
    )
    patterns = forms.CharField(
        label="Projects",
        initial="*",
        max_length=4000,
        help_text="Names such as acme-core, beginnings of names such as acme-*, or * for all; by spaces.",
    )
    networks = forms.CharField(
        label="Networks",
        required=False,
        max_length=2000,
        help_text="Where it may be used from, such as 192.0.2.0/24, by spaces; empty for everywhere.",
    )
    days = forms.ChoiceField(label="Lives", choices=LIVES, initial="90", required=False)

    @property
    def chosen_actions(self) -> frozenset[Action]:
        """The actions that were ticked."""
        return frozenset(Action(value) for value in self.cleaned_data["actions"])

    @property
    def expires(self) -> datetime | None:
        """When the token is to end."""
        days = self.cleaned_data["days"]
        return datetime.now(UTC) + timedelta(days=int(days)) if days else None
