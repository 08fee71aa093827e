"""Finds projects by the beginnings of words in their names, keywords and summaries, never by a scan.

One word of the query is looked up, the longest that is rare enough, or else the longest; each row has all words of its
project, so further words cost no further reading. Where all rows of that word can be looked at, hits are put in order:
names before keywords before summaries, whole words before beginnings. Where there are too many, they come in the order
of the rows, which is that for whole words.

What the caller may not know of counts for nothing, and a cursor, which may be the row of such a project, is sealed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from packages_app import names
from packages_app.catalogue import read
from packages_app.catalogue.entries import Project
from packages_app.conf import options
from packages_app.discovery.entries import Found
from packages_app.discovery.errors import BadCursor
from packages_app.discovery.models import WordRow, partition
from packages_app.discovery.words import Words, parsed, score, terms
from packages_app.sealed import Broken, seal, unseal
from packages_app.tables.base import plain_query
from packages_app.tables.outcomes import reported

MOST_RANKED = 200
"""Rows of a word that are all looked at and put in order."""
MOST_PROBED = 3
"""Words of a query of which it is found out whether they are rare."""
MOST_STREAMED = 1500
"""Rows that one page goes through where there are more: then it may come with fewer hits, and a cursor."""
MOST_HITS = 100
LAST = "\U0010ffff"
LOST = "This is no place to go on from; search again from the start."
RANKED, STREAMED = "r", "s"
"""What a cursor begins with: then comes how many hits are through, or the last row."""


@dataclass(frozen=True)
class Row:
    """A word of a project."""

    key: str
    project: str
    word: str
    place: int
    words: Words


def search(query: str, may_read: Callable[[str], bool], *, cursor: str = "", limit: int = 20) -> Found:
    """Return projects that have every word of the query, or a word that begins so, best first.

    ``may_read`` says of a project's name whether the caller may know of it. ``cursor`` comes from the page before.

    Raises:
        BadCursor: it does not.
    """
    limit = max(1, min(limit, MOST_HITS))
    wanted = terms(query)
    if not wanted:
        return Found(projects=())
    kind, place = opened(cursor)
    if kind == STREAMED:
        return streamed(wanted, place, may_read, limit, first=named(query, may_read))
    if kind not in {"", RANKED} or (kind and not place.isdecimal()):
        raise BadCursor(LOST)
    begun: list[Row] = []
    for term in wanted[:MOST_PROBED]:
        rows = list(islice(rows_of(term, "", MOST_RANKED + 1), MOST_RANKED + 1))
        if len(rows) <= MOST_RANKED:
            return ranked(rows, wanted, int(place or 0), may_read, limit)
        begun = begun or rows
    return streamed(wanted, "", may_read, limit, first=named(query, may_read), begun=begun)


def opened(cursor: str) -> tuple[str, str]:
    """Return what kind of place a cursor stands for, and the place; nothing for the beginning.

    Raises:
        BadCursor: no search gave it.
    """
    if not cursor:
        return "", ""
    try:
        place = unseal(cursor)
    except Broken:
        raise BadCursor(LOST) from None
    return place[:1], place[1:]


def rows_of(term: str, after: str, page: int) -> Iterator[Row]:
    """Yield the rows of words that begin so, from behind a key, asking for a page of them at a time."""
    pk = partition(options().index, term)
    first, last = term, term + LAST
    if len(term) == 1:
        first, last = f"{term}#", f"{term}#{LAST}"
    if after:
        first = f"{after}!"  # "!" sorts before every character of a key
    with reported():
        for row in plain_query(pk, WordRow.sk.between(first, last), limit=page):
            word, place, project = row["sk"].split("#", 2)
            yield Row(row["sk"], project, word, int(place), parsed(row["words"]))


def ranked(rows: Sequence[Row], wanted: Sequence[str], skip: int, may_read: Callable[[str], bool], limit: int) -> Found:
    """Return a page of the hits among all rows of a word, best first."""
    scores = {row.project: total(row.words, wanted) for row in rows if may_read(row.project)}
    # Among equals the shortest name first: it has the fewest words that nobody asked for.
    ordered = sorted((points, len(project), project) for project, points in scores.items() if points is not None)
    hits: list[str] = []
    for _, _, project in ordered[skip:]:
        if len(hits) == limit:
            return Found(projects=existing(hits, wanted), cursor=seal(f"{RANKED}{skip}"))
        skip += 1
        hits.append(project)
    return Found(projects=existing(hits, wanted))


def streamed(
    wanted: Sequence[str],
    after: str,
    may_read: Callable[[str], bool],
    limit: int,
    *,
    first: str = "",
    begun: Sequence[Row] = (),
) -> Found:
    """Return a page of the hits among the rows of the longest word, as they come; ``begun`` were read already.

    Raises:
        BadCursor: ``after`` is no row of that word.
    """
    driver = wanted[0]
    if after and not (after.startswith(driver) and after.count("#") == 2 and len(after) < 1024):  # noqa: PLR2004 - as `word_key` makes it, and DynamoDB's longest
        raise BadCursor(LOST)
    hits = [first] if first and not after else []
    read_so_far, last = 0, after or f"{driver}##"  # which sorts before every row of the word
    page = max(3 * limit, 60) if len(wanted) == 1 else MOST_STREAMED // 3  # of several words few rows meet all
    further = rows_of(driver, begun[-1].key if begun else after, page)
    for row in chain(begun, further):
        if len(hits) >= limit or read_so_far == MOST_STREAMED:
            return Found(projects=existing(hits, wanted, first), cursor=seal(f"{STREAMED}{last}"))
        read_so_far, last = read_so_far + 1, row.key
        is_hit = row.project != first and is_best(row, driver) and total(row.words, wanted) is not None
        if is_hit and may_read(row.project):
            hits.append(row.project)
    return Found(projects=existing(hits, wanted, first))


def named(query: str, may_read: Callable[[str], bool]) -> str:
    """Return the project that is named exactly so, which comes first however many hits there are; or nothing."""
    name = query.strip()
    if not names.is_valid_name(name):
        return ""
    normalized = names.normalize(name)
    return normalized if may_read(normalized) and read.project(normalized) is not None else ""


def is_best(row: Row, term: str) -> bool:
    """Return whether this is the first of its project's rows that the term meets: the others are repetitions."""
    met = ((word, place) for word, place in row.words.items() if word.startswith(term))
    return (row.word, row.place) == min(met, default=None)


def total(words: Words, wanted: Sequence[str]) -> int | None:
    """Return how well words meet all terms, a lower number being better; None when one is not met."""
    scores = [score(words, term) for term in wanted]
    return None if None in scores else sum(points for points in scores if points is not None)


def existing(hits: Sequence[str], wanted: Sequence[str], first: str = "") -> tuple[Project, ...]:
    """Return the projects as they are now; rows of one that was deleted or changed may be there a moment longer."""
    found = read.projects(hits)
    return tuple(
        found[name]
        for name in hits
        if name in found and (name == first or total(parsed(held(found[name])), wanted) is not None)
    )


def held(project: Project) -> str:
    """Return the words that the search may hold of a project."""
    return f"{project.indexed} {project.indexing}"
