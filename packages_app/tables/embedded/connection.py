"""Answers PynamoDB from a SQLite file."""

from pathlib import Path
from typing import Any

from pynamodb.connection import Connection


class EmbeddedConnection(Connection):
    """PynamoDB's connection, answered from one SQLite file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError(operation_name)

    def close(self) -> None:
        """Close it."""
