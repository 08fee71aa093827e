"""Keeps what lists show of a project, and which words the search finds it by, in the project's row.

Neither changes the project's serial: installers see nothing of it.
"""

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from packages_app.catalogue.entries import Description, Project
from packages_app.catalogue.models import ProjectRow, partition
from packages_app.catalogue.read import microseconds
from packages_app.conf import options
from packages_app.tables.conditional import updated


def describe(project: Project, description: Description) -> bool:
    """Keep the description, made of the project as it was read; False when the project changed since."""
    at = description.updated
    actions: list[Action] = [
        ProjectRow.latest.set(description.latest),
        ProjectRow.summary.set(description.summary),
        ProjectRow.keywords.set(",".join(description.keywords)),
        ProjectRow.updated.set(microseconds(at)) if at is not None else ProjectRow.updated.remove(),
    ]
    if project.pending:
        actions.append(ProjectRow.pending.delete(set(project.pending)))
    return updated_row(project.name, actions, ProjectRow.serial == project.serial)


def begin_indexing(project: Project, words: str) -> bool:
    """Say that rows of the search are about to be written for these words; False when somebody else did so first."""
    return updated_row(project.name, [ProjectRow.indexing.set(words)], as_read(project))


def end_indexing(project: Project, began: str, words: str) -> bool:
    """Say that the search has rows for exactly these words; False when somebody else began after ``began``."""
    return updated_row(
        project.name,
        [ProjectRow.indexed.set(words), ProjectRow.indexing.remove()],
        ProjectRow.indexing == began,
    )


def as_read(project: Project) -> Condition:
    """Return the condition that nobody else wrote rows of the search since the project was read."""
    indexed, indexing = ProjectRow.indexed, ProjectRow.indexing
    before: Condition = indexed == project.indexed if project.indexed else indexed.does_not_exist() | (indexed == "")
    under_way: Condition = indexing == project.indexing if project.indexing else indexing.does_not_exist()
    condition: Condition = ProjectRow.pk.exists() & before & under_way
    return condition


def updated_row(project: str, actions: list[Action], condition: Condition) -> bool:
    """Change a project's row; False when the condition does not hold."""
    return updated(ProjectRow(partition(options().index, project), "#"), actions, condition)
