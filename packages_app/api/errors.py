"""Refusals that only this door knows."""

from packages_app.errors import PackagesError


class BadBody(PackagesError):
    """The body is no JSON object of the shape that the operation takes."""

    code = "bad-document"

    def __init__(self, sentence: str, errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.errors = errors
        """Pairs of a field and what is wrong with it."""


class BadQuery(PackagesError):
    """A parameter of the address holds what it cannot."""

    code = "bad-request"


class WrongBodyType(PackagesError):
    """The body is said to be something else than JSON."""

    code = "wrong-media-type"


class Stale(PackagesError):
    """The project is not the one that the caller's ``If-Match`` names."""

    code = "stale"
