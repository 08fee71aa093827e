"""Makes links of what strangers wrote, where it is safe to follow."""

import re
from dataclasses import dataclass
from email.utils import getaddresses
from urllib.parse import quote, urlsplit

# What a browser follows without running or sending anything; a bare list, as everything else could be a trap.
WEB = re.compile(r"https?://[^\s<>\"'\\^`{|}\x00-\x20\x7f]+\Z", re.IGNORECASE)
MAIL = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\Z")
LONGEST = 2_000


@dataclass(frozen=True)
class Link:
    """A label, and where it leads; an empty address is not followed."""

    label: str
    href: str
    text: str = ""
    """What was written, where it is no address to follow."""


def web(label: str, url: str) -> Link:
    """Return a link to a web page; anything else is shown and leads nowhere."""
    return Link(label, url, shown(url)) if is_web(url) else Link(label, "", url[:LONGEST])


def is_web(url: str) -> bool:
    """Return whether this is an address of a web page, and of nothing else."""
    if len(url) > LONGEST or not WEB.match(url):
        return False
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def shown(url: str) -> str:
    """Return the host that a link leads to, so that nobody has to trust its label."""
    return urlsplit(url).hostname or ""


def people(name: str, addresses: str) -> tuple[Link, ...]:
    """Return the people whom a pair of fields names: ``Author`` and ``Author-email``, or the maintainer's."""
    found = [mail(shown_name, address) for shown_name, address in getaddresses([addresses]) if address or shown_name]
    if name and not any(link.label == name for link in found):
        found.insert(0, Link(name, ""))
    return tuple(found)


def mail(name: str, address: str) -> Link:
    """Return a link that writes to somebody."""
    known = MAIL.match(address) and len(address) <= LONGEST
    return Link(name or address, f"mailto:{quote(address, safe='@')}" if known else "")
