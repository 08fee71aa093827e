"""What came of a journey."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a journey changed."""

    serial: int
    """The project's serial afterwards; 0 when the project is no more."""
    changed: tuple[str, ...] = ()
    """The file names, or the project, that are not as they were; empty when all was so already."""
