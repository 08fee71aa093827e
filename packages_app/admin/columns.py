"""How values look in the admin's lists and pages."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from packages_app.accounts.entries import publisher_in
from packages_app.admin.faces import Face
from packages_app.catalogue.read import moment

MARKS = {
    "active": "good",
    "listed": "good",
    "revoked": "bad",
    "expired": "quiet",
    "archived": "quiet",
    "deprecated": "warn",
    "quarantined": "bad",
    "yanked": "warn",
    "partly yanked": "warn",
}


def column(description: str, value: Callable[[Any], object]) -> Callable[[Any, Face], object]:
    """Return a column, or a line of a page, that shows a value of an entry's record."""

    def show(_: Any, face: Face) -> object:
        return value(face.record)

    show.short_description = description  # type: ignore[attr-defined] # where Django's admin looks for it
    show.empty_value_display = ""  # type: ignore[attr-defined] # where Django's admin looks for it
    return show


def when(at: datetime | None) -> str:
    """Return a moment as lists show it: UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def when_micros(micros: int) -> str:
    """Return microseconds since the epoch as they are shown."""
    return when(moment(micros))


def size(count: int) -> str:
    """Return a number of bytes as people read it."""
    return str(filesizeformat(count))


def mark(word: str) -> SafeString:
    """Return a status as a coloured mark, which also says it in words."""
    return format_html('<span class="mark mark-{}">{}</span>', MARKS.get(word, "quiet"), word)


def link(face: str, key: str, text: str) -> SafeString:
    """Return a link to an entry's page."""
    return format_html('<a href="{}">{}</a>', reverse(f"admin:packages_app_{face}_change", args=[key]), text)


def project_link(project: str) -> SafeString:
    """Return a link to a project's page."""
    return link("projectface", project, project)


def actor(name: str) -> str:
    """Return who did something, or whom it was done to; a trusted publisher leads to its page."""
    publisher = publisher_in(name)
    return link("publisherface", publisher, name) if publisher else name


def owner(name: str) -> SafeString:
    """Return a link to whoever a token speaks for."""
    publisher = publisher_in(name)
    return link("publisherface", publisher, name) if publisher else link("userface", name, name)


def lines(texts: Iterable[object]) -> SafeString:
    """Return texts as the lines of a value."""
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts)) or mark_safe("none")
