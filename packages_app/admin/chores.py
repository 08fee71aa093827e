"""Chores: what administrators do to chosen entries, each behind a page that says what it means and asks for the words.

A chore calls the same journey as every other door. The page carries the state that its reader saw; who confirms what
somebody else has changed since is told so, and nothing is done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from packages_app.accounts.entries import Principal
from packages_app.admin.callers import caller
from packages_app.admin.faces import Face
from packages_app.errors import PackagesError
from packages_app.problems import STATUSES

CONFIRMED, SEEN, TYPED = "confirmed", "seen", "typed"


@dataclass
class Task:
    """One confirmed chore: on whose behalf, with which words, and what the confirming person saw."""

    who: Principal
    said: Mapping[str, Any]
    seen: dict[str, str]
    """The version of each thing, by its name, when the page was made; chores note here what their own changes made."""


@dataclass(frozen=True, kw_only=True)
class Chore:
    """Something to do to chosen entries."""

    name: str
    label: str
    """As the list of actions and buttons show it, such as ``Yank``."""
    done: str
    """As the message tells it, such as ``Yanked``."""
    consequence: str
    """One sentence: what it means for those who install."""
    act: Callable[[Face, Task], None]
    form: type[forms.Form] = forms.Form
    seen: Callable[[Sequence[Face]], dict[str, str]] = field(default=lambda _: {})
    """The versions that the confirmation depends on."""
    never: Callable[[Face, Principal], str] = field(default=lambda *_: "")
    """Why it would be refused for an entry whatever is filled in, as a sentence; empty where it would not."""
    typed: bool = False
    """Whether what is to be lost must be typed."""
    danger: bool = False

    def answer(self, model_admin: Any, request: HttpRequest, chosen: Any) -> HttpResponse | None:
        """Ask, or do what was confirmed; None sends back to the list."""
        faces = tuple(chosen)
        if not faces:
            messages.error(request, "What you chose is not there any more; look again.")
            return None
        who = caller(request)
        vain = next((sentence for face in faces if (sentence := self.never(face, who))), "")
        if vain:
            messages.error(request, f"{vain} Nothing was done.")
            return None
        confirmed = CONFIRMED in request.POST
        wanted = self.phrase(faces)
        form = confirmation(self.form, wanted if self.typed else "")(request.POST if confirmed else None)
        seen = sighted(request.POST.getlist(SEEN)) if confirmed else self.seen(faces)
        status, refusal = HTTPStatus.OK, ""
        if confirmed and form.is_valid():
            error, count = self.carry_out(faces, Task(who=who, said=form.cleaned_data, seen=seen))
            if error is None:
                messages.success(request, f"{self.done} {counted(faces, count)}.")
                return None
            refusal = f"{error}" + (f" Done before that: {counted(faces, count)}." if count else "")
            status = STATUSES.get(error.code, HTTPStatus.BAD_REQUEST)
            seen = self.seen(faces)
        elif confirmed:
            status = HTTPStatus.BAD_REQUEST
        request.current_app = model_admin.admin_site.name
        context = {
            **model_admin.admin_site.each_context(request),
            "title": f"{self.label}: {counted(faces, len(faces))}",
            "opts": model_admin.opts,
            "chore": self,
            "faces": faces,
            "form": form,
            "refusal": refusal,
            "seen": [f"{name}={version}" for name, version in seen.items()],
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "media": model_admin.media,
        }
        return TemplateResponse(request, "admin/chore.html", context, status=status)

    def carry_out(self, faces: Sequence[Face], task: Task) -> tuple[PackagesError | None, int]:
        """Do it to one entry after the other; return what stopped it, if anything, and how many were done."""
        for number, face in enumerate(faces):
            try:
                self.act(face, task)
            except PackagesError as error:
                return error, number
        return None, len(faces)

    def phrase(self, faces: Sequence[Face]) -> str:
        """Return what must be typed: the one entry's name, or how many they are."""
        return str(faces[0]) if len(faces) == 1 else f"{self.label.split()[0].lower()} {counted(faces, len(faces))}"

    def as_action(self) -> Callable[..., HttpResponse | None]:
        """Return the function that Django's admin lists."""

        def action(model_admin: Any, request: HttpRequest, chosen: Any) -> HttpResponse | None:
            return self.answer(model_admin, request, chosen)

        action.__name__ = self.name
        action.short_description = self.label  # type: ignore[attr-defined] # where Django's admin looks for it
        return action


def confirmation(base: type[forms.Form], phrase: str) -> type[forms.Form]:
    """Return the chore's form, with a field for the phrase where one must be typed."""
    if not phrase:
        return base

    def check(text: str) -> None:
        if text.strip() != phrase:
            raise forms.ValidationError(f"Type {phrase} exactly, or go back.")

    field_ = forms.CharField(
        label=f"To confirm, type: {phrase}",
        validators=[check],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "vTextField"}),
    )
    return type("Confirmation", (base,), {TYPED: field_})


def sighted(pairs: Sequence[str]) -> dict[str, str]:
    """Return the versions that a page carried."""
    return {name: version for name, _, version in (pair.rpartition("=") for pair in pairs)}


def counted(faces: Sequence[Face], count: int) -> str:
    """Return so many entries in words: ``one file``'s name stands for itself."""
    if count == len(faces) == 1:
        return str(faces[0])
    named = faces[0]._meta
    return f"{count} {named.verbose_name if count == 1 else named.verbose_name_plural}"
