"""Why the upstream could not be used, or a name not be published."""

from enum import Enum

from packages_app.errors import PackagesError, Unavailable


class BadPattern(PackagesError):
    """A pattern that no project name could match."""

    code = "bad-pattern"


class Reserved(PackagesError):
    """The name is reserved, so nothing may let it be looked up elsewhere."""

    code = "name-reserved"


class NoSuchRule(PackagesError):
    """There is no such rule to take back."""

    code = "no-such-rule"


class UpstreamName(PackagesError):
    """The name belongs to the upstream, so nothing may be published under it here."""

    code = "upstream-name"


class Fault(Enum):
    """What went wrong with an upstream."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    TLS = "tls"
    REFUSED = "refused"
    BUSY = "busy"
    BROKEN = "broken"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    REDIRECT = "redirect"


class SourceFailed(Unavailable):
    """The upstream did not give what it should: never a reason to say that something does not exist."""

    code = "upstream-unavailable"
    retry_after = 30

    def __init__(self, fault: Fault, sentence: str, *, wait: float = 0) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.wait = wait
        """Seconds that the upstream asked to be left alone."""
        self.elsewhere = False
        """Whether a place failed that the upstream leads to, and not the upstream itself."""


class NotAsAnnounced(PackagesError):
    """The upstream's bytes are not the ones that its page announces; they were thrown away."""

    code = "upstream-mismatch"


class Withheld(PackagesError):
    """A policy of this index withholds the file."""

    code = "withheld"
