"""Every operation of the door, in the order of its document."""

from packages_app.api import changes, looks, projects, publishers, roles, tokens, upstream, users
from packages_app.api.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *projects.OPERATIONS,
    *changes.OPERATIONS,
    *looks.OPERATIONS,
    *upstream.OPERATIONS,
    *roles.OPERATIONS,
    *publishers.OPERATIONS,
    *tokens.OPERATIONS,
    *users.OPERATIONS,
)


def by_path() -> dict[str, dict[str, Operation]]:
    """Return the operations of each address by their methods."""
    found: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        found.setdefault(operation.path, {})[operation.method] = operation
    return found
