"""Arranges core metadata for reading: who, under which licence, for what, and what it needs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement

from packages_app.browser.links import Link, people, web
from packages_app.metadata.entries import CoreMetadata

# More than any honest release has; a page must stay one that can be read.
MOST = 300
LONGEST_LINE = 1_000
EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


@dataclass(frozen=True)
class Titled:
    """Lines under a title; an empty title is for what needs none."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a release says about itself, without its description."""

    summary: str
    licence: str
    authors: tuple[Link, ...]
    maintainers: tuple[Link, ...]
    links: tuple[Link, ...]
    keywords: tuple[str, ...]
    classifiers: tuple[Titled, ...]
    dependencies: tuple[Titled, ...]
    """The first ones always, the others with the extra that is their title."""


def facts(core: CoreMetadata) -> Facts:
    """Return the metadata, arranged."""
    return Facts(
        summary=line(core.summary),
        licence=core.license_expression or line(core.license.partition("\n")[0]),
        authors=people(core.author, core.author_email)[:MOST],
        maintainers=people(core.maintainer, core.maintainer_email)[:MOST],
        links=links(core),
        keywords=words(core.keywords),
        classifiers=grouped(classified(text) for text in core.classifiers[:MOST]),
        dependencies=grouped(required(text) for text in core.requires_dist[:MOST]),
    )


def line(text: str) -> str:
    """Return the text as one line of a length that can be shown."""
    return " ".join(text[:LONGEST_LINE].split())


def links(core: CoreMetadata) -> tuple[Link, ...]:
    """Return what the metadata links to, each address once, the labelled ones first."""
    pairs = [*core.project_urls[:MOST], ("Homepage", core.home_page), ("Download", core.download_url)]
    first: dict[str, str] = {}
    for label, url in pairs:
        if url:
            first.setdefault(url, line(label))
    return tuple(web(label, url) for url, label in first.items())[:MOST]


def words(keywords: Iterable[str]) -> tuple[str, ...]:
    """Return keywords one by one; some tools write all of them into one field."""
    found = [word.strip() for keyword in keywords for word in re.split(r"[,\n]", keyword[:LONGEST_LINE])]
    return tuple(dict.fromkeys(word for word in found if word))[:MOST]


def grouped(pairs: Iterable[tuple[str, str]]) -> tuple[Titled, ...]:
    """Return lines by their titles, in the order in which titles first come, what has none in front."""
    found: dict[str, list[str]] = {}
    for title, text in pairs:
        found.setdefault(title, []).append(text)
    titles = sorted(found, key=bool)
    return tuple(Titled(title, tuple(found[title])) for title in titles)


def classified(classifier: str) -> tuple[str, str]:
    """Return a classifier's first part, and the rest."""
    title, _, rest = line(classifier).partition(" :: ")
    return (title, rest) if rest else ("", title)


def required(requirement: str) -> tuple[str, str]:
    """Return the extra that brings a dependency, and the dependency as it is read most easily."""
    text = line(requirement)
    try:
        found = Requirement(text)
    except InvalidRequirement:
        return "", text
    if found.marker is None:
        return "", str(found)
    extra = EXTRA.search(str(found.marker))
    marker = str(found.marker)
    if extra is None:
        return "", text
    rest = re.sub(rf"(?:\s+and\s+)?{EXTRA.pattern}(?:\s+and\s+)?", "", marker, count=1)
    found.marker = None
    return extra[1], f"{found}; {rest}" if rest.strip("() ") else str(found)
