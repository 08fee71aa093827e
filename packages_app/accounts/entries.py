"""What other packages may know of a caller."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who a request comes from; an empty name is an anonymous caller."""

    name: str
    address: str = ""
    """The network address the request came from, for the audit trail; empty for a command."""

    @property
    def signed_in(self) -> bool:
        """Whether credentials were given and right."""
        return bool(self.name)
