"""Why a pipeline was given no token, and what publishers cannot be made into."""

from packages_app.errors import PackagesError


class BadPublisher(PackagesError):
    """A publisher cannot be like this."""

    code = "bad-publisher"


class MintRefused(PackagesError):
    """A pipeline is given no token; the codes of its kinds are those that upload clients know."""

    code = "mint-refused"


class NotEnabled(MintRefused):
    """This index trusts no CI service."""

    code = "not-enabled"


class InvalidPayload(MintRefused):
    """The request holds no token to exchange."""

    code = "invalid-payload"


class InvalidToken(MintRefused):
    """The token that was shown is malformed, forged, old, or for somebody else."""

    code = "invalid-token"


class InvalidPublisher(MintRefused):
    """The token is right, and no publisher here is the pipeline it speaks for."""

    code = "invalid-publisher"


class ReusedToken(MintRefused):
    """The token was exchanged before."""

    code = "invalid-reuse-token"
