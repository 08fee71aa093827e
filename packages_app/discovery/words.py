"""The words that a project is found by, and where they come from.

They are kept as one text, ``0demo 1http 2client``: each word behind the digit of the place that it comes from.
"""

import re
import unicodedata
from collections.abc import Iterable

from packages_app.catalogue.entries import Project

NAME, KEYWORD, SUMMARY = 0, 1, 2
"""Places that a word comes from; the lower the number, the better a hit."""
LONGEST_WORD = 40
MOST_WORDS = {NAME: 12, KEYWORD: 20, SUMMARY: 24}
LONGEST_TEXT = 1000
"""Characters of all words together: each row of the search carries them."""
MOST_TERMS = 6
LONGEST_QUERY = 200
WORD = re.compile(r"[^\W_]+")
NOISE = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of", "on"),
        *("or", "that", "the", "this", "to", "use", "used", "using", "via", "with", "you", "your"),
    )
)
"""Words that tell nothing of a project."""

Words = dict[str, int]
"""Each word, to the best place that it comes from."""


def of_project(project: Project) -> Words:
    """Return the words of a project as it is described now."""
    found: Words = {}
    length = 0
    places = (
        (NAME, project.display_name + " " + project.name),
        (KEYWORD, " ".join(project.described.keywords)),
        (SUMMARY, project.described.summary),
    )
    for place, text in places:
        new = [word for word in split(text) if word not in found and not (place == SUMMARY and word in NOISE)]
        for word in new[: MOST_WORDS[place]]:
            length += len(word) + 2
            if length > LONGEST_TEXT:
                return found
            found[word] = place
    return found


def split(text: str) -> Iterable[str]:
    """Return the words of a text, each once, as they are compared: without case, in one Unicode form."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(plain))


def terms(query: str) -> tuple[str, ...]:
    """Return the words of what somebody looks for, the longest first: it is mostly the rarest."""
    found = sorted(split(query[:LONGEST_QUERY]), key=lambda word: (-len(word), word))
    telling = [word for word in found if word not in NOISE]
    return tuple((telling or found)[:MOST_TERMS])


def written(words: Words) -> str:
    """Return words as one text."""
    return joined(words.items())


def joined(found: Iterable[tuple[str, int]]) -> str:
    """Return words with their places as one text."""
    return " ".join(f"{place}{word}" for word, place in sorted(found))


def parsed(text: str) -> Words:
    """Return the words of a text that `written` made."""
    return dict(pairs(text))


def pairs(text: str) -> set[tuple[str, int]]:
    """Return each word with each place that the text has it for; while an index is written that may be several."""
    return {(entry[1:], int(entry[0])) for entry in text.split()}


def score(words: Words, term: str) -> int | None:
    """Return how well words meet a term, a lower number being better; None when none begins so.

    A term of one character stands for itself only.
    """
    found = [
        2 * place + (word != term)
        for word, place in words.items()
        if word == term or (len(term) > 1 and word.startswith(term))
    ]
    return min(found, default=None)
