"""Entity tags, and the conditions callers make on them (RFC 9110, section 13)."""

from django.utils.http import parse_etags

from packages_app.simple_api.encodings import Encoding
from packages_app.simple_api.formats import Format

RENDERER = 1
"""Raise it whenever the serializers give other bytes for the same entries: clients then fetch their pages again."""


def page_etag(version: str, chosen: Format, encoding: Encoding) -> str:
    """Return the strong tag of one representation of a page; a weak one would never be revalidated by uv."""
    label = "text" if chosen is Format.TEXT else chosen.name.lower()
    return f'"{version}.{label}.{encoding.value}.{RENDERER}"'


def unchanged(if_none_match: str | None, etag: str) -> bool:
    """Return whether the caller already has what ``etag`` names: compared weakly, as proxies may weaken a tag."""
    if not if_none_match:
        return False
    tags = parse_etags(if_none_match)
    return "*" in tags or etag in (tag.removeprefix("W/") for tag in tags)


def same_file(if_range: str | None, etag: str) -> bool:
    """Return whether a part may be sent: compared strongly, and never by date, as no file is sent with one."""
    return if_range is None or if_range.strip() == etag
