"""Writes the rows that the search reads, so that they are those of the project's words and no others.

The project's row has the words that rows exist for. Before rows are written it is told which words it will have rows
for on the way, so that whoever comes after somebody was killed knows what may be there.
"""

from collections.abc import Iterable

from packages_app.catalogue import descriptions, removal
from packages_app.catalogue import read as catalogue
from packages_app.catalogue.entries import Project
from packages_app.conf import options
from packages_app.discovery.models import WordRow, keys
from packages_app.discovery.words import joined, of_project, pairs, written
from packages_app.tables.outcomes import reported


def is_current(project: Project) -> bool:
    """Return whether the search has the rows of the project's words."""
    return not project.indexing and project.indexed == written(of_project(project))


def update(project: Project) -> bool:
    """Write the rows of a project as it was read; False when somebody else is at it, and it must be looked at again."""
    wanted = of_project(project)
    held = pairs(project.indexed) | pairs(project.indexing)
    began = joined(held | set(wanted.items()))
    if not descriptions.begin_indexing(project, began):
        return False
    write(project.name, put=wanted, remove=held - set(wanted.items()))
    return descriptions.end_indexing(project, began, written(wanted))


def remove(project: str) -> None:
    """Remove the rows of a deleted project, but for those that a new project of the name has."""
    text = removal.indexed_words(project)
    if not text:
        return
    found = catalogue.project(project)
    kept = set(of_project(found).items()) if found is not None else set()
    write(project, put={}, remove=pairs(text) - kept)
    removal.forget_words(project, text)


def write(project: str, *, put: dict[str, int], remove: Iterable[tuple[str, int]]) -> None:
    """Write the rows of words, and remove others."""
    text, index = written(put), options().index
    with reported(), WordRow.batch_write() as batch:
        for pk, sk in sorted(keys(index, project, put.items())):
            batch.save(WordRow(pk, sk, words=text))
        for pk, sk in sorted(keys(index, project, remove)):
            batch.delete(WordRow(pk, sk))
