"""Keeps text of strangers from turning the direction of the text around it, where no element can."""

from django.template import Library

register = Library()

FIRST_STRONG_ISOLATE, POP = "\u2068", "\u2069"
TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"))


@register.filter
def isolated(text: str) -> str:
    """Return text for a title, where ``<bdi>`` cannot stand: isolated, and without what could end the isolation."""
    return f"{FIRST_STRONG_ISOLATE}{text.translate(TURNING)}{POP}"
