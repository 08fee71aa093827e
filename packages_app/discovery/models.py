"""The item that a search finds: one for each word of each project."""

from collections.abc import Iterable

from pynamodb.attributes import UnicodeAttribute

from packages_app.tables.base import TableModel

PREFIX = 2
"""Characters that all words of a partition begin with."""


class WordRow(TableModel):
    """``W#<index>#<first characters>`` / ``<word>#<place>#<project>``.

    ``words`` has all words of the project, so that one row tells whether further words are met.
    """

    words = UnicodeAttribute()


def partition(index: str, word: str) -> str:
    """Return the partition key of all words that begin as this one."""
    return f"W#{index}#{word[:PREFIX]}"


def word_key(word: str, place: int, project: str) -> str:
    """Return the sort key: whole words come before longer ones, and better places before others."""
    return f"{word}#{place}#{project}"


def keys(index: str, project: str, pairs: Iterable[tuple[str, int]]) -> set[tuple[str, str]]:
    """Return the keys of a project's rows for words and their places."""
    return {(partition(index, word), word_key(word, place, project)) for word, place in pairs}
