"""Refusals that concern who is asking."""

from packages_app.errors import PackagesError


class NotSignedIn(PackagesError):
    """Nobody is signed in, and this needs somebody."""

    code = "not-signed-in"


class BadCredentials(NotSignedIn):
    """Credentials were sent and are wrong."""

    code = "bad-credentials"


class Forbidden(PackagesError):
    """Who is signed in may not do this."""

    code = "forbidden"
