"""Refusals that concern who is asking, and what accounts cannot be made into."""

from packages_app.errors import PackagesError


class NotSignedIn(PackagesError):
    """Nobody is signed in, and this needs somebody."""

    code = "not-signed-in"


class BadCredentials(NotSignedIn):
    """Credentials were sent and are wrong."""

    code = "bad-credentials"

    def __init__(self, sentence: str, account: str = "") -> None:
        super().__init__(sentence)
        self.account = account
        """The account that a password was tried for, where one was."""


class TooManyAttempts(PackagesError):
    """Too much failed, from one address or for one account; it may go on after a while."""

    code = "too-many-attempts"

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        """Seconds until then."""


class Forbidden(PackagesError):
    """Who is signed in may not do this."""

    code = "forbidden"


class BadPattern(PackagesError):
    """A pattern that covers no project name."""

    code = "bad-pattern"


class BadAccount(PackagesError):
    """A user, group, token or grant cannot be like this."""

    code = "bad-account"


class NoSuchAccount(PackagesError):
    """There is no such user, group, token or grant."""

    code = "no-such-account"


class AccountExists(PackagesError):
    """There is such a user or group already."""

    code = "account-exists"


class AccountChanged(PackagesError):
    """Somebody else changed the same account in the meantime."""

    code = "account-changed"
