"""What came of a journey, and who makes one."""

from dataclasses import dataclass

from packages_app.accounts.entries import Principal
from packages_app.catalogue.entries import Change


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a journey changed."""

    serial: int
    """The project's serial afterwards; 0 when the project is no more."""
    changed: tuple[str, ...] = ()
    """The file names, or the project, that are not as they were; empty when all was so already."""


def change_of(who: Principal, source: str) -> Change:
    """Return what the audit trail keeps of who does this; ``source`` is the door, such as ``api`` or ``command``."""
    return who.change(source)
